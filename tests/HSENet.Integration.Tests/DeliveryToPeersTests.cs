using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;

namespace HSENet.Integration.Tests;

/// <summary>Deliveries over the wire, to DCMTK's storescp.</summary>
public sealed class DeliveryToPeersTests
{
    [Fact]
    public async Task A_PACS_that_comes_up_late_gets_exactly_one_report()
    {
        var port = FreePort.Next();
        await using var world = await DraftedAsync(port);
        await world.DeliverAsync();
        var down = Assert.Single(await world.QueryAsync<string>("select state || ' ' || error_code from delivery"));
        await using var pacs = await StoreScpProcess.StartAsync("PACS", port: port);
        await world.HurryAsync();
        await world.DeliverAsync();
        await world.DeliverAsync();

        Assert.Equal("pending delivery.unreachable", down);
        Assert.Equal("stored 2", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt from delivery")));
        var file = Assert.Single(await pacs.WaitForFilesAsync(1, TimeSpan.FromSeconds(10)));
        var uid = Assert.Single(await world.QueryAsync<string>("select sop_instance_uid from draft"));
        Assert.EndsWith(uid, file, StringComparison.Ordinal);
        Assert.Equal(0, (await Dcmtk.RunAsync("dsrdump", file)).ExitCode);
    }

    [Fact]
    public async Task A_PACS_that_refuses_associations_is_tried_again()
    {
        await using var pacs = await StoreScpProcess.StartAsync("PACS", ["--refuse"]);
        await using var world = await DraftedAsync(pacs.Port);
        await world.DeliverAsync();

        Assert.Equal("pending delivery.rejected", Assert.Single(await world.QueryAsync<string>("select state || ' ' || error_code from delivery")));
        Assert.Equal("delivery.retried delivery.rejected", (await world.AuditAsync())[^1]);
    }

    private static async Task<ServiceWorld> DraftedAsync(int port)
    {
        var world = await ServiceWorld.CreateAsync(s => s.Destinations[0].Port = port, new StoreScuSender());
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        return world;
    }
}
