namespace HSENet.TestKit;

/// <summary>dciodvfy: does an object keep the rules of its information object definition?</summary>
public static class Dciodvfy
{
    /// <summary>Warnings that only values copied from a source can cause, each with the value.</summary>
    private static readonly string[] CopiedValues =
    [
        "Missing attribute or value that would be needed to build DICOMDIR",        // an empty Patient ID, Study ID, Date or Time of the source
        "Retired Person Name form",                                                 // a name without carets
        "Unrecognized defined term = <99SITE>",                                     // the site's own coding scheme
    ];

    /// <summary>For a report of ours: no Error, and no Warning but those that values copied from the source cause (design.md section 7).</summary>
    public static async Task IsCleanReportAsync(string file) =>
        (await CheckAsync(file)).AreClean(warning => CopiedValues.Any(value => warning.Contains(value, StringComparison.Ordinal)));

    /// <summary>Runs <c>dciodvfy -new</c>.</summary>
    public static async Task<Findings> CheckAsync(string file)
    {
        var result = await Dcmtk.RunAsync("dciodvfy", "-new", file);
        var lines = Findings.Lines(result);
        return new(
            result,
            [.. lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal))],
            [.. lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal))]);
    }
}

/// <summary>dsrdump: can DCMTK read the document tree, and what does it say about it?</summary>
public static class Dsrdump
{
    private const string NotAFinding = "VR checker does not support this Specific Character Set";

    /// <summary>Runs <c>dsrdump</c>; the text of the document is in <see cref="Findings.Result"/>.</summary>
    public static async Task<Findings> CheckAsync(string file, params string[] options)
    {
        var result = await Dcmtk.RunAsync("dsrdump", [.. options, file]);
        var lines = Findings.Lines(result).Where(l => !l.Contains(NotAFinding, StringComparison.Ordinal)).ToList();
        return new(
            result,
            [.. lines.Where(l => l.StartsWith("E:", StringComparison.Ordinal) || l.StartsWith("F:", StringComparison.Ordinal))],
            [.. lines.Where(l => l.StartsWith("W:", StringComparison.Ordinal))]);
    }
}

/// <summary>What a validator said. A validator that could not read the file at all shows in <see cref="ToolResult.ExitCode"/> only.</summary>
public sealed record Findings(ToolResult Result, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    /// <summary>No error, exit code 0, and no warning except those that <paramref name="allowed"/> accepts; fails the test otherwise.</summary>
    public void AreClean(Func<string, bool>? allowed = null)
    {
        var warnings = Warnings.Where(w => allowed is null || !allowed(w)).ToList();
        Xunit.Assert.True(Result.ExitCode == 0 && Errors.Count == 0 && warnings.Count == 0, Result.Everything);
    }

    internal static IEnumerable<string> Lines(ToolResult result) =>
        (result.Output + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
