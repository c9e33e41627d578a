using HSENet.TestKit;

namespace HSENet.Architecture.Tests.Packages;

/// <summary>The check of packages with a package source that says what this test wants it to say.</summary>
public sealed class VulnerablePackageTests : IDisposable
{
    private const string Package = "Example.Package";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new("packages");

    [Fact]
    public async Task A_package_that_is_known_to_be_vulnerable_fails_the_check_and_is_named()
    {
        var (exitCode, output) = await CheckAsync(Listing("Probe", Finding), Listing("HSENet.Worker", Finding));
        Assert.NotEqual(0, exitCode);
        Assert.Contains(Package, output, StringComparison.Ordinal);
        Assert.Contains("High", output, StringComparison.Ordinal);
        Assert.Contains("https://github.com/advisories/GHSA-aaaa-bbbb-cccc", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_one_it_passes()
    {
        var (exitCode, output) = await CheckAsync(Listing("Probe", Finding), Listing("HSENet.Worker", ""));
        Assert.True(exitCode == 0, output);
        Assert.Contains("none is known to be vulnerable", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_source_tells_nothing_is_claimed()
    {
        var (exitCode, output) = await CheckAsync(Listing("Probe", ""), Listing("HSENet.Worker", Finding));
        Assert.True(exitCode == 0, output);
        Assert.Contains("not checked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_fails_for_the_solution_fails_the_check()
    {
        var (exitCode, output) = await CheckAsync(Listing("Probe", Finding), null);
        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain("none is known", output, StringComparison.Ordinal);
    }

    /// <summary>More than a pipe holds, so that who stops reading at the first finding ends the program that writes.</summary>
    [Fact]
    public async Task A_long_answer_to_the_first_question_is_an_answer()
    {
        var (exitCode, output) = await CheckAsync(Listing("Probe", Finding) + new string('\n', 1 << 20), Listing("HSENet.Worker", Finding));
        Assert.NotEqual(0, exitCode);
        Assert.Contains(Package, output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Finding => """
        ,
                      "vulnerabilities": [
                        {
                          "severity": "High",
                          "advisoryurl": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc"
                        }
                      ]
        """;

    /// <summary>As <c>dotnet list package --vulnerable --format json</c> prints it; without a finding there are no frameworks.</summary>
    private static string Listing(string project, string finding) => $$"""
        {
          "version": 1,
          "parameters": "--vulnerable --include-transitive",
          "sources": [
            "https://packages.example/v3/"
          ],
          "projects": [
            {
              "path": "{{project}}.csproj"{{(finding.Length == 0 ? "" : Frameworks(finding))}}
            }
          ]
        }
        """;

    private static string Frameworks(string finding) => $$"""
        ,
              "frameworks": [
                {
                  "framework": "net10.0",
                  "transitivePackages": [
                    {
                      "id": "{{Package}}",
                      "resolvedVersion": "1.2.3"{{finding}}
                    }
                  ]
                }
              ]
        """;

    /// <param name="ofProbe">What is said of the package that is known to be vulnerable.</param>
    /// <param name="ofSolution">What is said of the solution's; null: it fails.</param>
    private async Task<(int ExitCode, string Output)> CheckAsync(string ofProbe, string? ofSolution)
    {
        await File.WriteAllTextAsync(_folder.Path("probe.json"), ofProbe);
        await File.WriteAllTextAsync(_folder.Path("solution.json"), ofSolution ?? "");
        var program = _folder.Path("dotnet");
        await File.WriteAllTextAsync(program, $"""
            #!/bin/sh
            case "$*" in
              "restore "*) exit 0 ;;
              "list "*/probe.csproj" package --vulnerable --include-transitive --format json") cat "{_folder.Path("probe.json")}" ;;
              "list HSENet.sln package --vulnerable --include-transitive --format json") cat "{_folder.Path("solution.json")}"; exit {(ofSolution is null ? 1 : 0)} ;;
              *) echo "dotnet $*: not expected" >&2; exit 64 ;;
            esac
            """);
#pragma warning disable CA1416 // Linux only
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        var environment = new Dictionary<string, string?> { ["PATH"] = $"{_folder.Root}:{Environment.GetEnvironmentVariable("PATH")}" };
        await using var check = ChildProcess.Start(Repo.Path("tests", "packages.sh"), [], environment, Repo.Root);
        var exitCode = await check.WaitForExitAsync(Deadline);
        return (exitCode, check.Text(isError: false) + check.Text(isError: true));
    }
}
