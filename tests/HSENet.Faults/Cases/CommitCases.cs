using HSENet.Faults.Node;
using HSENet.Faults.Site;
using HSENet.TestKit;

namespace HSENet.Faults.Cases;

/// <summary>
/// The database goes while something is computed or sent, and is away, for longer than a lease too, when the outcome is to be written: it
/// is written later, from the first attempt.
/// </summary>
internal static class CommitCases
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("database-gone-at-commit-draft", new SiteShape(), DraftAsync) { VerifyAsync = (site, studies) => IsFirstAttemptAsync(site, studies, "job j") },
        new("database-gone-at-commit-delivery", new SiteShape(), DeliveryAsync)
        {
            VerifyAsync = (site, studies) => IsFirstAttemptAsync(site, studies, "job j join delivery d using (job_id)"),
        },
    ];

    private static async Task DraftAsync(FaultSite site, FaultMoment moment)
    {
        var inferred = site.Workers.Sum(w => w.Count(NodeMark.Inferring));
        await Until.TrueAsync(() => site.Workers.Sum(w => w.Count(NodeMark.Inferring)) > inferred, Deadline, "a job is computed");
        await AwayAsync(site, moment);
    }

    private static async Task DeliveryAsync(FaultSite site, FaultMoment moment)
    {
        var (pause, arrived) = (site.Pacs.Pause, site.Pacs.Arrivals);
        site.Pacs.Pause = TimeSpan.FromMilliseconds(700);
        await Until.TrueAsync(() => site.Pacs.Arrivals > arrived, Deadline, "a report is sent");
        await AwayAsync(site, moment);
        site.Pacs.Pause = pause;
    }

    private static async Task AwayAsync(FaultSite site, FaultMoment moment)
    {
        await site.Servers.Postgres.KillAsync();
        await moment.PauseAsync(500, (int)FaultNode.Lease.TotalMilliseconds + 3000);
        await site.Servers.Postgres.StartAsync();
    }

    /// <summary>No attempt was spent: nothing was computed or sent a second time.</summary>
    private static async Task IsFirstAttemptAsync(FaultSite site, IReadOnlyCollection<string> studies, string rows)
    {
        var those = $"{rows} join series s using (series_key) where s.study_uid in ({string.Join(", ", studies.Select(s => $"'{s}'"))})";
        var attempt = rows.Contains("delivery", StringComparison.Ordinal) ? "d.attempt" : "j.attempt";
        await Until.TrueAsync(
            async () => await site.Database.ScalarAsync<bool>($"select not exists (select from delivery x join job j using (job_id) join series s using (series_key) where x.state <> 'stored')"),
            Deadline,
            "every delivery is known to be stored");
        var most = await site.Database.ScalarAsync<int>($"select max({attempt}) from {those}");
        if (most != 1)
            throw new FaultException($"{most} attempts were made of {rows}");
    }
}
