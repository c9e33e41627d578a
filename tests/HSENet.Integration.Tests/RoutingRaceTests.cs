using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using HSENet.Worker.Routing;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>Several gateways decide about one study at the same moment.</summary>
public sealed class RoutingRaceTests
{
    [Fact]
    public async Task Gateways_that_decide_at_once_make_one_job()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();
        var others = Enumerable.Range(0, 8).Select(_ => new CandidateStore(world.Get<Database>(), world.Settings, world.Get<KeptReports>())).ToList();
        for (var round = 0; round < 20; round++)
        {
            // a better series of the same study each time, closed and not yet decided
            await world.Database.ExecuteAsync($"""
                update series set revision = {round + 2};
                insert into candidate(study_uid, route, series_key, series_revision, content_hash, is_partial, is_sharp, spacing_mm, slice_count, mode, model, priority, destinations)
                select study_uid, 'best', series_key, {round + 2}, 'content {round}', false, false, 1, {1000 + round}, 'draft', 'Demo', 1, array['pacs'] from series
                """);
            var made = await Task.WhenAll(others.Select(o => Task.Run(() => o.DecideAsync(CancellationToken.None))));
            Assert.Single(made.SelectMany(m => m));
        }

        Assert.Equal(21, await world.Database.ScalarAsync<long>("select count(*) from job"));
        Assert.Equal(1, await world.Database.ScalarAsync<long>("select count(*) from job where state = 'ready'"));
        Assert.Equal(1, await world.Database.ScalarAsync<long>("select count(*) from candidate where state = 'chosen'"));
        Assert.Equal(20, await world.Database.ScalarAsync<long>("select count(*) from audit.event where event = 'job.cancelled'"));
    }
}
