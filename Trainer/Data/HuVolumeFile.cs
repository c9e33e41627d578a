using System.Globalization;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Model.Weights;
using static TorchSharp.torch;

namespace HSENet.Trainer.Data;

/// <summary>
/// A CT volume as a safetensors file: one tensor <c>hu</c> [slices, rows, columns] int16 in HU; metadata <c>spacing_mm</c> (three numbers) and
/// <c>axes</c> (three letters of L R A P S I), both in the tensor's order.
/// </summary>
internal static class HuVolumeFile
{
    private const string Tensor = "hu";
    private const string Spacing = "spacing_mm";
    private const string Axes = "axes";

    public static void Write(string path, CtVolume volume)
    {
        using var hu = tensor(volume.Hu, [volume.SliceCount, volume.Rows, volume.Columns]);
        var spacing = string.Join(',', new[] { volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm }.Select(mm => mm.ToString("R", CultureInfo.InvariantCulture)));
        var axes = $"{volume.Axes.Slice}{volume.Axes.Row}{volume.Axes.Column}";
        SafeTensorsWriter.Write(path, [new(Tensor, hu)], new Dictionary<string, string> { [Spacing] = spacing, [Axes] = axes });
    }

    /// <exception cref="HSENetModelException"><c>weights.*</c>: not a sound safetensors file.</exception>
    /// <exception cref="TrainerException"><c>volume.format</c>: a sound one without a volume as described.</exception>
    public static CtInput Read(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        if (file.Entries.FirstOrDefault(entry => entry.Name == Tensor) is not { Type: ScalarType.Int16, Shape: [> 0 and < int.MaxValue, > 0 and < int.MaxValue, > 0 and < int.MaxValue] } entry)
        {
            throw new TrainerException("volume.format", $"{path}: no int16 tensor '{Tensor}' of three axes.");
        }

        var spacing = (file.Metadata.GetValueOrDefault(Spacing) ?? "").Split(',')
            .Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var mm) && mm > 0 && double.IsFinite(mm) ? mm : double.NaN).ToArray();
        if (spacing is not [var s0, var s1, var s2] || double.IsNaN(s0 + s1 + s2) || file.Metadata.GetValueOrDefault(Axes) is not { Length: 3 } axes)
        {
            throw new TrainerException("volume.format", $"{path}: the metadata lack a usable {Spacing} or {Axes}.");
        }

        using var hu = file.Read(Tensor);
        return new()
        {
            Hu = hu.data<short>().ToArray(),
            Shape = ((int)entry.Shape[0], (int)entry.Shape[1], (int)entry.Shape[2]),
            SpacingMm = (s0, s1, s2),
            Axes = (axes[0], axes[1], axes[2]),
        };
    }
}
