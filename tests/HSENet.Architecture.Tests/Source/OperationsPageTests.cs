using System.Text.RegularExpressions;
using HSENet.TestKit;

namespace HSENet.Architecture.Tests.Source;

/// <summary>The page for operators knows every code that the service can show.</summary>
public sealed partial class OperationsPageTests
{
    private static readonly string[] s_families =
    [
        "association", "audit", "check", "codec", "command", "commitment", "configuration", "connection", "database", "delivery", "demo", "dicom", "geometry", "host", "identity", "input", "instance", "instances",
        "internal", "io", "job", "jobs", "ledger", "message", "model", "operator", "output", "pixels", "quarantine", "queue", "receive", "report", "route", "routes", "series", "service", "spool", "study", "tls", "web",
    ];

    // files and spans, not codes
    private static readonly string[] s_names = ["report.dcm", "report.txt", "audit.jsonl", "model.safetensors"];

    [Fact]
    public void Every_code_of_the_service_is_explained()
    {
        var page = File.ReadAllText(Repo.Path("deploy", "docs", "operations.md"));
        var folders = (string[])["Worker", "Dicom"];
        var codes = folders.SelectMany(folder => Directory.EnumerateFiles(Repo.Path(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Toolkit{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Where(code => s_families.Contains(code.Split('.')[0]) && !s_names.Contains(code))
            .ToHashSet(StringComparer.Ordinal);

        Assert.True(codes.Count > 100, $"only {codes.Count} codes were found");
        Assert.Empty(codes.Where(code => !page.Contains($"`{code}`", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"([a-z]+(?:-[a-z]+)*\\.[a-z]+(?:-[a-z]+)*)\"")]
    private static partial Regex Code();
}
