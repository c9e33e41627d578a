using HSENet.Model;

namespace HSENet.Trainer.Data.Volumes;

/// <summary>Reads the volume of an item, whatever form it is kept in.</summary>
internal static class VolumeSource
{
    /// <param name="path">Of the volume, resolved.</param>
    /// <param name="item">Gives rescale values and spacing where the file does not.</param>
    /// <param name="rule">How the rescale values of a NIfTI file are taken.</param>
    /// <param name="cancellationToken">Looked at between files.</param>
    /// <exception cref="TrainerException"><c>data.missing</c>, <c>data.refused</c>, <c>data.unreadable</c>, <c>data.kind</c>, <c>volume.format</c>.</exception>
    /// <exception cref="HSENetModelException"><c>nifti.*</c>, <c>weights.*</c>: the file is not sound.</exception>
    public static VolumeReading Read(string path, ManifestItem item, IntensityRule rule, CancellationToken cancellationToken) => VolumeKinds.Of(path) switch
    {
        VolumeKind.DicomFolder => new(WithSpacing(DicomFolder.Read(path, cancellationToken), item.SpacingMm), IntensityChoice.File),
        VolumeKind.SafeTensors => new(WithSpacing(HuVolumeFile.Read(path), item.SpacingMm), IntensityChoice.File),
        VolumeKind.Nifti => Nifti(path, item, rule),
        VolumeKind.Preprocessed => throw new TrainerException("data.kind", $"{path} is preprocessed already and holds no HU."),
        _ => throw new TrainerException("data.missing", $"there is no volume {path}."),
    };

    private static VolumeReading Nifti(string path, ManifestItem item, IntensityRule rule)
    {
        var (input, choice) = NiftiIntensity.Read(path, item.Rescale, rule);
        return new(WithSpacing(input, item.SpacingMm is [var i, var j, var k] ? [k, j, i] : null), choice);
    }

    /// <param name="input">The volume.</param>
    /// <param name="spacing">In its axis order, or null.</param>
    private static CtInput WithSpacing(CtInput input, IReadOnlyList<double>? spacing) =>
        spacing is [var s0, var s1, var s2] ? input with { SpacingMm = (s0, s1, s2) } : input;
}
