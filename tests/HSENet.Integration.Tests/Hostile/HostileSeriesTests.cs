using HSENet.Dicom.Files;
using HSENet.TestKit;

namespace HSENet.Integration.Tests.Hostile;

/// <summary>
/// Whole series with something wrong (bad-input/series), pushed by DCMTK to the running service: what becomes of each. Every instance is stored; the judgement is the
/// series'. A series that is sound is reported on, from all of its slices.
/// </summary>
public sealed class HostileSeriesTests
{
    private const string DuplicateUid = "03-duplicate-sop-uid";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private static readonly IReadOnlyDictionary<string, string[]> Expected = File.ReadLines(Repo.Path("tests", "data", "hostile-series.tsv"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t'))
        .ToDictionary(field => field[0], field => field[1].Split('|'));

    [Fact]
    public async Task Every_series_ends_as_the_table_says()
    {
        var root = SharedData.Path("data/bad-input/series");
        Assert.Equal(Directory.GetDirectories(root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal), Expected.Keys.Order(StringComparer.Ordinal));
        // several of them are of one study, and each is to be judged; the one of which a slice is refused (0111) is waited for
        await using var gateway = await RunningGateway.StartAsync(
            "--HSENet:Series:Deadline=00:00:30", "--HSENet:Routes:0:Name=each", "--HSENet:Routes:0:When=Modality == \"CT\"", "--HSENet:Routes:0:PerStudy=all");
        var folderOf = new Dictionary<string, string>();
        var files = 0;
        foreach (var folder in Directory.GetDirectories(root))
        {
            foreach (var file in Directory.GetFiles(folder, "*.dcm"))
            {
                folderOf[Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(file)).Header.SeriesInstanceUid] = Path.GetFileName(folder);
                files++;
            }

            var sent = await Dcmtk.StoreAsync(gateway.Port, "HSENET", folder, ["-nh"]);
            Assert.True(sent.ExitCode == 0 || folder.EndsWith(DuplicateUid, StringComparison.Ordinal), sent.Everything);
        }

        var outcomes = (await OutcomesAsync(gateway, folderOf.Count))
            .GroupBy(outcome => folderOf[outcome.SeriesUid])
            .ToDictionary(group => group.Key, group => string.Join('|', group.Select(o => o.Outcome).Order(StringComparer.Ordinal)));

        Assert.Equal(Lines(Expected.ToDictionary(e => e.Key, e => string.Join('|', e.Value))), Lines(outcomes));

        // the second slice under a UID that is there is the only one that was not taken: kept apart, audited, and missed as a gap
        Assert.Equal(files - 1, await gateway.CountAsync("select count(*) from instance"));
        Assert.Equal(["instance.conflict"], await gateway.QueryAsync<string>("select reason from audit.event where event = 'instance.conflict'"));
        Assert.Single(Directory.GetFiles(Path.Combine(gateway.Spool, "quarantine")));
    }

    private static string Lines(Dictionary<string, string> outcomes) =>
        string.Join('\n', outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}: {o.Value}"));

    private static async Task<IReadOnlyList<(string SeriesUid, string Outcome)>> OutcomesAsync(RunningGateway gateway, int count)
    {
        const string Sql = """
            select s.series_uid, s.state || ' ' || coalesce(s.refusal_code, j.state, '') from series s left join job j using (series_key)
             where s.state = 'refused' or j.state in ('drafted', 'failed', 'dead')
            """;
        await Until.TrueAsync(async () => (await gateway.QueryAsync<(string, string)>(Sql)).Count >= count, Deadline, "the series have ended");
        return await gateway.QueryAsync<(string, string)>(Sql);
    }
}
