using System.Text.Json;
using HSENet.TestKit;

namespace HSENet.Integration.Tests.Audit;

/// <summary>The commands as an operator runs them.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly TempFolder _folder = new("audit");

    [Fact]
    public async Task Verify_prints_a_head_and_checks_against_one()
    {
        await using var audit = await SealedAudit.CreateAsync(10);
        var head = _folder.Path("head.json");
        var clean = await RunAsync(audit, "verify", "--write-head", head, "--json");
        Assert.Equal((0, ""), (clean.ExitCode, clean.Error));
        Assert.Equal(clean.Output, await File.ReadAllTextAsync(head));
        Assert.Equal(10, JsonDocument.Parse(clean.Output).RootElement.GetProperty("seq").GetInt64());

        await audit.Sealer.SealAsync(CancellationToken.None);      // the row that the command left
        var again = await RunAsync(audit, "verify", "--head", head, "--json");
        var told = await RunAsync(audit, "verify", "--head", head);
        Assert.Equal((0, 11), (again.ExitCode, JsonDocument.Parse(again.Output).RootElement.GetProperty("seq").GetInt64()));
        Assert.StartsWith("11 audit rows are sealed, none was changed, deleted or reordered; ", told.Output, StringComparison.Ordinal);
        Assert.Contains("from the head of 10 rows", told.Output, StringComparison.Ordinal);

        await audit.Database.TamperAsync("update audit.event set actor = 'x' where event_id = 3; delete from audit.event where event_id > 8; delete from audit.seal where seq > 8");
        var broken = await RunAsync(audit, "verify", "--head", head, "--write-head", head);
        Assert.Equal(1, broken.ExitCode);
        var faults = broken.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, faults.Length);
        Assert.StartsWith("fault changed seal 3 event 3: ", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("fault cut-off: the chain ends at seal 8, ", faults[1], StringComparison.Ordinal);
        Assert.StartsWith("error audit.broken: 2 faults", broken.Error, StringComparison.Ordinal);
        Assert.Equal(clean.Output, await File.ReadAllTextAsync(head));
        Assert.Equal("audit.broken", await audit.Database.ScalarAsync<string>("select event from audit.event where outcome = 12 and dcm_code = '110113'"));
    }

    [Fact]
    public async Task A_head_that_is_none_is_refused()
    {
        await using var audit = await SealedAudit.CreateAsync(1);
        var file = _folder.Path("head.json");
        Assert.StartsWith("error audit.head: ", (await RunAsync(audit, "verify", "--head", file)).Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "{\"seq\":1,\"hash\":\"abc\"}");
        Assert.StartsWith("error audit.head: ", (await RunAsync(audit, "verify", "--head", file)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_the_wanted_rows_with_their_seals()
    {
        await using var audit = await SealedAudit.CreateAsync(4);
        await audit.WriteAsync(1, "ae:NEW");
        var all = await RunAsync(audit, "export", "--study", "2.25.1", "--from", "2020-01-01", "--to", "2100-01-01T00:00:00Z");
        var lines = all.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();

        Assert.Equal((0, 5), (all.ExitCode, lines.Count));
        Assert.Equal([1, 2, 3, 4], lines.Take(4).Select(l => l.GetProperty("seal").GetProperty("seq").GetInt32()));
        Assert.False(lines[4].TryGetProperty("seal", out _));
        Assert.Equal("a\"b\n€", lines[0].GetProperty("details").GetProperty("text").GetString());
        Assert.False(lines[0].TryGetProperty("xid", out _));

        var file = _folder.Path("rows.jsonl");
        Assert.Equal("", (await RunAsync(audit, "export", "--event", "job.queued", "--out", file)).Output);
        Assert.Equal(2, (await File.ReadAllLinesAsync(file)).Length);
        Assert.Equal(2, await audit.Database.ScalarAsync<long>("select count(*) from audit.event where event = 'audit.exported' and dcm_code = '110101'"));
        Assert.Equal("", (await RunAsync(audit, "export", "--to", "2020-01-01")).Output);
    }

    [Fact]
    public async Task A_part_of_a_UID_is_enough_and_an_unknown_one_is_told()
    {
        await using var audit = await SealedAudit.CreateAsync(2);
        await audit.Database.ExecuteAsync("""
            insert into audit.event(event, action, outcome, actor, study_uid, series_uid) values
                ('job.queued', 'C', 0, 'service', '2.25.7001.55501', '2.25.7002.66601'), ('job.queued', 'C', 0, 'service', '2.25.7001.55502', '2.25.7002.66602')
            """);

        foreach (var part in (string[][])[["--study", ".55501"], ["--study", "2.25.7001.55501"], ["--series", ".66601 "]])
        {
            var one = await RunAsync(audit, ["export", .. part]);
            Assert.Equal("2.25.7001.55501", JsonDocument.Parse(Assert.Single(one.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement.GetProperty("study_uid").GetString());
        }

        Assert.Equal("error study.ambiguous: 2.25.7001 is a part of 2: 2.25.7001.55501, 2.25.7001.55502\n", (await RunAsync(audit, "export", "--study", "2.25.7001")).Error);
        Assert.Equal("error series.unknown: no audit row is about a series 2.25.9999\n", (await RunAsync(audit, "export", "--series", "2.25.9999")).Error);
        var tooShort = await RunAsync(audit, "export", "--study", "55501");
        Assert.Equal((1, "error study.unknown: no audit row is about a study 55501; a part of a UID must have 6 characters or more\n"), (tooShort.ExitCode, tooShort.Error));
    }

    [Theory]
    [InlineData]
    [InlineData("dance")]
    [InlineData("verify", "more")]
    [InlineData("verify", "--head")]
    [InlineData("export", "--from", "yesterday")]
    [InlineData("export", "--job", "7")]
    [InlineData("export", "--patient", "x")]
    public async Task Wrong_usage_is_told_without_a_database(params string[] arguments)
    {
        Assert.Equal(2, await Task.Run(() => Worker.Commands.CommandLine.RunAsync(["audit", .. arguments])));
    }

    public void Dispose() => _folder.Dispose();

    private static Task<ToolResult> RunAsync(SealedAudit audit, params string[] arguments) => WorkerProcess.RunAsync(
        ["audit", .. arguments], Deadline, new Dictionary<string, string?> { ["Database:ConnectionString"] = audit.Database.ServiceConnectionString });
}
