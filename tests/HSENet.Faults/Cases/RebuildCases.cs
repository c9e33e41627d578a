using HSENet.Faults.Site;
using HSENet.TestKit;

namespace HSENet.Faults.Cases;

/// <summary>The database restored from an earlier state or made anew over the spool, and a second gateway on a copy of the spool.</summary>
internal static class RebuildCases
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    // an association that the dump has as open was perhaps released afterwards: nobody sends again
    private static readonly SiteShape One = new() { Deadline = TimeSpan.FromSeconds(8) };

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("restored-dump", One, RestoreAsync) { MayBePartial = true },
        new("new-database", One, RemakeAsync) { MayBePartial = true },
        new("copied-spool", One, CopyAsync),
    ];

    private static async Task RestoreAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync(moment.Dice.Next(2) == 0 ? Stage.Receive : Stage.Publish);
        using var folder = new TempFolder("dump");
        await site.DumpAsync(folder.Path("dump"));
        moment.Tell("dumped");
        await moment.WaitAsync((Stage)moment.Dice.Next(4));
        await LoseDatabaseAsync(site, moment, () => site.RestoreAsync(folder.Path("dump")));
    }

    private static async Task RemakeAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync((Stage)moment.Dice.Next(4));
        await LoseDatabaseAsync(site, moment, site.RemakeDatabaseAsync);
    }

    /// <summary>
    /// The inference process runs on or dies with the gateway, as the dice say. Whatever the PACS had must come to it again: unchanged, as
    /// the ledger then shows.
    /// </summary>
    private static async Task LoseDatabaseAsync(FaultSite site, FaultMoment moment, Func<Task> replaceAsync)
    {
        await site.Gateway.KillAsync();
        var isWorkerKilled = moment.Dice.Next(2) == 0;
        if (isWorkerKilled)
            await site.Worker.KillAsync();
        var before = site.Pacs.Held.Select(r => r.StudyUid).Distinct().Count();
        await replaceAsync();
        moment.Tell($"{before} reports were out{(isWorkerKilled ? ", the worker too" : "")}");
        await site.Gateway.StartAsync();
        if (isWorkerKilled)
            await site.Worker.StartAsync();
        await Until.TrueAsync(
            async () => await site.Database.ScalarAsync<long>("select count(distinct s.study_uid) from delivery d join job using (job_id) join series s using (series_key) where d.state = 'stored'") >= before,
            Deadline,
            () => $"{before} reports are delivered again; {site.StatesAsync().GetAwaiter().GetResult()}");
    }

    /// <summary>Refused while the other one lives, and after that one was killed and has come back.</summary>
    private static async Task CopyAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync(Stage.Receive);
        using var folder = new TempFolder("copy");
        Copy(Path.Combine(site.Data, "spool"), folder.Path("data", "spool"));
        await using var second = site.NewGateway("gateway-copy", folder.Path("data"));
        await RefusedAsync(second, "spool.locked");
        moment.Tell("refused");
        await moment.WaitAsync((Stage)moment.Dice.Next(4));
        await site.Gateway.KillAsync();
        await site.Gateway.StartAsync();
        await RefusedAsync(second, "spool.locked");
    }

    private static async Task RefusedAsync(NodeProcess gateway, string code)
    {
        gateway.Begin();
        await Until.TrueAsync(() => gateway.HasEnded, Deadline, $"{gateway.Name} ends");
        var said = gateway.Process.Tail(60);
        if (gateway.HasStarted || !said.Contains($"error {code}:", StringComparison.Ordinal))
            throw new FaultException($"{gateway.Name} is not refused with {code}:\n{said}");
        await gateway.KillAsync();
    }

    /// <summary>As an operator would copy it while it is in use: what comes and goes meanwhile is in the copy or not.</summary>
    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                File.Copy(file, target);
            }
            catch (IOException)
            {
                // it has got its place meanwhile, or is being written
            }
        }
    }
}
