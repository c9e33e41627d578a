using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>The fault suite, nearly each case once; <c>tests/run.sh --faults</c> repeats them.</summary>
public sealed class FaultTests
{
    /// <summary>All but some in which the broker or a clock fails at another stage: a broker takes its time to start.</summary>
    private const string Cases = "gateway-*,worker-*,two-*,rabbitmq-publish,queues-*,postgres-*,database-*,pacs-*,disk-*,spool-*,clock-both,restored-dump,new-database,copied-spool";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task Whatever_fails_nothing_that_was_answered_is_lost_and_there_is_one_report()
    {
        await using var run = Start("--case", Cases, "--times", "1", "--series", "1");
        var exitCode = await run.WaitForExitAsync(Deadline);

        var output = run.Text(isError: false) + run.Text(isError: true);
        var rows = run.Lines.Select(l => l.Text).SkipWhile(l => !l.StartsWith("| case", StringComparison.Ordinal)).Skip(2).ToList();
        Assert.True(exitCode == 0, output);
        Assert.True(rows.Count == 32, output);
        Assert.DoesNotContain("libfaketime", output, StringComparison.Ordinal);
        Assert.All(rows.Where(r => !r.Contains("skipped: needs root", StringComparison.Ordinal)), row => Assert.Contains(" | 1 | 1 | 8 | ", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_describes_every_case_once_and_no_other()
    {
        const string Listed = "cases: ";
        await using var run = Start("--case", "none-of-them");
        Assert.Equal(2, await run.WaitForExitAsync(Deadline));
        var cases = run.Text(isError: true).Split('\n').Single(line => line.StartsWith(Listed, StringComparison.Ordinal))[Listed.Length..].Split(' ');

        var described = File.ReadLines(Repo.Path("deploy", "docs", "faults.md"))
            .SkipWhile(line => line != "| case | what happens |")
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .SelectMany(line => line.Split('|')[1].Split(',', StringSplitOptions.TrimEntries));

        Assert.Equal(cases.Order(StringComparer.Ordinal), described.Select(name => name.Trim('`')).Order(StringComparer.Ordinal));
    }

    private static ChildProcess Start(params string[] arguments)
    {
        var build = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')); // …/bin/PROJECT/debug_linux-x64
        var program = Path.Combine(build.Parent!.Parent!.FullName, "HSENet.Faults", build.Name, "HSENet.Faults.dll");
        return ChildProcess.Start(Requirement.Tool("dotnet"), [program, .. arguments], name: "HSENet.Faults");
    }
}
