using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.Toolkit.Tests.InTree.Faults;

/// <summary>The contract tests in a process and a folder of their own, with another assembly of the toolkit in it.</summary>
internal sealed partial class ContractRun : IDisposable
{
    private const string Project = "HSENet.Toolkit.Contract.Tests";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("contract").FullName;

    internal ContractRun()
    {
        var built = AppContext.BaseDirectory.Replace("HSENet.Toolkit.Tests", Project, StringComparison.Ordinal);
        foreach (var path in Directory.EnumerateFiles(built))
        {
            File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
        }
    }

    /// <summary>Where the assembly of the toolkit is to be put.</summary>
    internal string Toolkit => Path.Combine(_folder, "HSENet.Dicom.Toolkit.dll");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>How many tests ran and failed, of one class or of all.</summary>
    internal async Task<(int Total, int Failed, string Output)> RunAsync(string? testClass)
    {
        string[] filter = testClass is null ? [] : ["-class", $"{Project}.{testClass}", "-stopOnFail"];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_folder, Project + ".dll"), "-noColor", .. filter])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token) + await error;
            await process.WaitForExitAsync(deadline.Token);
            var sum = Summary().Match(output);
            Assert.True(sum.Success, $"The contract tests did not come to an end: {output}");
            return (Number(sum, 1), Number(sum, 2) + Number(sum, 3), output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Total: (\d+), Errors: (\d+), Failed: (\d+)")]
    private static partial Regex Summary();
}
