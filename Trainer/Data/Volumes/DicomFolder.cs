using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Series;
using HSENet.Model;

namespace HSENet.Trainer.Data.Volumes;

/// <summary>The one CT series of a folder.</summary>
internal static class DicomFolder
{
    /// <exception cref="TrainerException">
    /// <c>data.unreadable</c>: a file that may be a slice cannot be read; <c>data.refused</c>: no series, or more than one, makes a volume.
    /// </exception>
    public static CtInput Read(string directory, CancellationToken cancellationToken)
    {
        var (series, damaged, _) = SeriesFolder.Scan(directory, cancellationToken);
        if (damaged.Count > 0)
        {
            throw new TrainerException("data.unreadable", $"{damaged.Count} files cannot be read as DICOM; the first: {damaged[0].Code}.");
        }

        SystemCodecs.Start(new DecoderLimits());
        var usable = series.Count <= 1 ? [.. series.Values] : series.Values.Where(files => VolumeReader.Judge(files, cancellationToken) is GeometryVerdict.Usable).ToList();
        if (usable is not [var chosen])
        {
            throw new TrainerException("data.refused", $"{usable.Count} of {series.Count} series make a volume; one is wanted.");
        }

        return VolumeReader.Read(chosen, cancellationToken) switch
        {
            SeriesReading.Readable readable => ToInput(readable.Volume),
            SeriesReading.Refused refused => throw new TrainerException("data.refused", $"{refused.Reason}: {refused.Detail}"),
            _ => throw new InvalidOperationException("neither readable nor refused"),
        };
    }

    public static CtInput ToInput(CtVolume volume) => new()
    {
        Hu = volume.Hu,
        Shape = (volume.SliceCount, volume.Rows, volume.Columns),
        SpacingMm = (volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
        Axes = volume.Axes,
    };
}
