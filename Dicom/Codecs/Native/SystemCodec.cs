namespace HSENet.Dicom.Codecs.Native;

/// <summary>A library of the system that pixels may need.</summary>
/// <param name="Name">Of the compression, for operators.</param>
/// <param name="Package">The Debian package that has the library.</param>
/// <param name="Version">Of the library; null where it is absent, too old, or no decoder process runs.</param>
/// <param name="TransferSyntaxUids">What can be read with it.</param>
/// <param name="Problem">Why there is no version; null when there is one.</param>
public sealed record SystemCodec(string Name, string Package, Version? Version, IReadOnlyList<string> TransferSyntaxUids, string? Problem)
{
    /// <summary>One line for operators: what there is, what is absent and why.</summary>
    public static string Describe(IEnumerable<SystemCodec> codecs) =>
        "codecs: " + string.Join(
            "; ", codecs.Select(c => c.Version is null ? $"no {c.Name} ({c.Problem})" : $"{c.Name} ({c.Package} {c.Version})"));
}
