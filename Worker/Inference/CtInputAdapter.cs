using HSENet.Dicom.Series;
using HSENet.Model;

namespace HSENet.Worker.Inference;

/// <summary>Hands a volume from the DICOM side to the model, which do not know each other.</summary>
internal static class CtInputAdapter
{
    public static CtInput FromVolume(CtVolume volume) => new()
    {
        Hu = volume.Hu,
        Shape = (volume.SliceCount, volume.Rows, volume.Columns),
        SpacingMm = (volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
        Axes = volume.Axes,
    };
}
