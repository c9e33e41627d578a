using HSENet.TestKit;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

/// <summary>The database's clock is set back by hours, which looks from here as if all times were hours ahead.</summary>
public sealed class ClockTests
{
    private const string Ahead = """
        update job set not_before = not_before + interval '3 hours', lease_until = lease_until + interval '3 hours', queued_at = queued_at + interval '3 hours';
        update delivery set not_before = not_before + interval '3 hours', lease_until = lease_until + interval '3 hours'
        """;

    [Fact]
    public async Task A_clock_that_goes_back_holds_up_neither_a_job_nor_a_delivery()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.Database.ExecuteAsync(Ahead);
        await world.RunJobsAsync();
        var before = await StatesAsync(world);
        await world.Get<ClockGuard>().SweepAsync(CancellationToken.None);
        await world.RunJobsAsync();
        await world.Database.ExecuteAsync(Ahead);
        await world.DeliverAsync();
        var between = await StatesAsync(world);
        await world.Get<ClockGuard>().SweepAsync(CancellationToken.None);
        await world.DeliverAsync();

        Assert.Equal("ready", before);
        Assert.Equal("drafted pending", between);
        Assert.Equal("drafted stored", await StatesAsync(world));
        Assert.Single(world.Pacs.Received);
    }

    [Fact]
    public async Task A_clock_that_goes_back_leaves_a_dead_process_no_longer_lease_than_it_had()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.Database.ExecuteAsync("update job set state = 'running', lease_owner = 'inference/gone', lease_until = now() + interval '3 hours'");
        await world.Get<ClockGuard>().SweepAsync(CancellationToken.None);

        Assert.True(await world.Database.ScalarAsync<bool>("select lease_until between now() and now() + interval '61 s' from job"));
    }

    [Fact]
    public async Task A_clock_that_is_right_changes_nothing()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.Database.ExecuteAsync("update job set not_before = now() + interval '299 s'");
        var before = await world.Database.ScalarAsync<DateTime>("select not_before from job");
        await world.Get<ClockGuard>().SweepAsync(CancellationToken.None);

        Assert.Equal(before, await world.Database.ScalarAsync<DateTime>("select not_before from job"));
    }

    private static async Task<string> StatesAsync(ServiceWorld world) =>
        string.Join(' ', await world.QueryAsync<string>("select state from job union all select state from delivery"));
}
