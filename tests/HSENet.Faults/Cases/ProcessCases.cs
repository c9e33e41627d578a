using HSENet.Faults.Node;
using HSENet.Faults.Site;

namespace HSENet.Faults.Cases;

/// <summary>Processes of the service that die or stop.</summary>
internal static class ProcessCases
{
    private static readonly SiteShape One = new();
    private static readonly SiteShape Two = new() { Gateways = 2, Workers = 2 };

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("gateway-receive", One, (site, moment) => KillGatewayAsync(site, moment, Stage.Receive)),
        new("gateway-publish", One, (site, moment) => KillGatewayAsync(site, moment, Stage.Publish)),
        new("gateway-delivery", One, (site, moment) => KillGatewayAsync(site, moment, Stage.Delivery)),
        new("worker-inference", One, KillWorkerAsync),
        new("worker-frozen", One with { Workers = 2 }, FreezeWorkerAsync),
        new("two-gateway-dies", Two, KillOneGatewayAsync),
        new("two-worker-dies", Two, KillOneWorkerAsync),
    ];

    private static async Task KillGatewayAsync(FaultSite site, FaultMoment moment, Stage stage)
    {
        await moment.WaitAsync(stage);
        await site.Gateway.KillAsync();
        await moment.PauseAsync(0, 2500);
        await site.Gateway.StartAsync();
    }

    private static async Task KillWorkerAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync(Stage.Inference);
        await site.Worker.KillAsync();
        await moment.PauseAsync(0, 1500);
        await site.Worker.StartAsync();
    }

    /// <summary>Past its lease, so that another takes its job; then it goes on and believes the job its own.</summary>
    private static async Task FreezeWorkerAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync(Stage.Inference);
        var frozen = site.Workers[moment.Dice.Next(2)];
        moment.Tell(frozen.Name);
        frozen.Freeze();
        await moment.PauseAsync((int)FaultNode.Lease.TotalMilliseconds + 500, (int)FaultNode.Lease.TotalMilliseconds + 3000);
        frozen.Thaw();
    }

    private static async Task KillOneGatewayAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync((Stage)moment.Dice.Next(4));
        moment.Tell(site.Gateway.Name);
        await site.Gateway.KillAsync();
    }

    private static async Task KillOneWorkerAsync(FaultSite site, FaultMoment moment)
    {
        await moment.WaitAsync(Stage.Inference);
        var dying = site.Workers[moment.Dice.Next(2)];
        moment.Tell(dying.Name);
        await dying.KillAsync();
        await moment.PauseAsync(2000, 4000);
        await dying.StartAsync();
    }
}
