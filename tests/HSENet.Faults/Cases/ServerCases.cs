using HSENet.Faults.Site;

namespace HSENet.Faults.Cases;

/// <summary>The broker and the database killed and started again.</summary>
internal static class ServerCases
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. Enum.GetValues<Stage>().Select(stage => new FaultCase($"rabbitmq-{Name(stage)}", new SiteShape(), (site, moment) => KillBrokerAsync(site, moment, stage))),
        .. Enum.GetValues<Stage>().Select(stage => new FaultCase($"postgres-{Name(stage)}", new SiteShape(), (site, moment) => KillDatabaseAsync(site, moment, stage))),
    ];

#pragma warning disable CA1308 // names of the command line
    private static string Name(Stage stage) => stage.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static async Task KillBrokerAsync(FaultSite site, FaultMoment moment, Stage stage)
    {
        await moment.WaitAsync(stage);
        await site.Servers.Broker.KillAsync();
        await moment.PauseAsync(0, 1000);
        await site.Servers.Broker.StartAsync();
    }

    private static async Task KillDatabaseAsync(FaultSite site, FaultMoment moment, Stage stage)
    {
        await moment.WaitAsync(stage);
        await site.Servers.Postgres.KillAsync();
        await moment.PauseAsync(0, 2500);
        await site.Servers.Postgres.StartAsync();
    }
}
