using HSENet.TestKit;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>What becomes of series by the routes, on a real database.</summary>
public sealed class RoutingTests
{
    [Fact]
    public async Task Each_route_that_matches_makes_its_own_job_and_a_shadow_is_delivered_to_nobody()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.AddRange(
        [
            Route("chest", "SeriesDescription == \"thick\""), Route("trial", mode: "shadow"), Route("other", "SeriesDescription == \"thin\""), Route("asleep", mode: "off"),
        ]));
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();

        Assert.Equal(["thick chest drafted", "thick trial drafted"], (await world.JobsAsync()).Order());
        Assert.Equal(2, (await world.QueryAsync<byte[]>("select document from draft")).Count);
        Assert.Equal(
            "chest pacs stored", Assert.Single(await world.QueryAsync<string>("select j.route || ' ' || d.destination || ' ' || d.state from delivery d join job j using (job_id)")));
        Assert.Single(world.Pacs.Received);
        Assert.Equal(2, (await world.AuditAsync()).Count(e => e == "job.drafted"));
        Assert.Equal(["chest draft", "trial shadow"], await world.QueryAsync<string>(
            "select details::jsonb->>'route' || ' ' || (details::jsonb->>'mode') from audit.event where event = 'job.created' order by 1"));
    }

    [Fact]
    public async Task A_series_without_a_route_is_closed_and_that_is_audited()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("other", "Modality == \"MR\"")));
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();

        Assert.Equal("closed", Assert.Single(await world.QueryAsync<string>("select state from series")));
        Assert.Empty(await world.JobsAsync());
        Assert.Equal("series.unrouted route.none", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task Stat_goes_first_whatever_was_there_before()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.AddRange(
            [Route("urgent", "SeriesDescription == \"thin\"", priority: "stat", perStudy: "all"), Route("rest", "SeriesDescription != \"thin\"", perStudy: "all")]));
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();
        await world.PushAsync(Series("thin", spacingMm: 2));
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal(["thick rest drafted", "thin urgent drafted"], await world.JobsAsync());
        Assert.Equal(["urgent", "rest"], await world.QueryAsync<string>("select route from job join draft using (job_id) order by draft.created_at"));
    }

    [Fact]
    public async Task A_study_gets_one_report_of_its_thin_soft_series_and_all_gets_one_for_each()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.AddRange([Route("best"), Route("all", perStudy: "all", mode: "shadow")]));
        await world.PushTogetherAsync(Series("thick"), Series("sharp", 1.5, "Bl57f"), Series("thin", 1.5));
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal(["sharp all drafted", "thick all drafted", "thin all drafted", "thin best drafted"], (await world.JobsAsync()).Order());
        Assert.Equal(2, (await world.AuditAsync()).Count(e => e == "series.passed-over route.better-series"));
        Assert.Equal(["chosen", "passed", "passed"], await world.QueryAsync<string>("select state from candidate order by 1"));
    }

    [Fact]
    public async Task A_better_series_that_comes_later_gets_a_report_that_names_the_first_and_a_worse_one_none()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        foreach (var series in (CtSeriesBuilder[])[Series("thick"), Series("thin", 2), Series("sharp", 1.5, "Bl57f")])
        {
            await world.PushAsync(series);
            await world.SweepSeriesAsync();
            await world.RunJobsAsync();
        }

        Assert.Equal(["thick best drafted", "thin best drafted"], await world.JobsAsync());
        var documents = await world.QueryAsync<byte[]>("select document from draft order by created_at");
        Assert.Null(await PredecessorAsync(documents[0]));
        Assert.Equal(
            (await world.QueryAsync<string>("select sop_instance_uid from draft order by created_at"))[0], await PredecessorAsync(documents[1]));
        Assert.Equal(["chosen", "passed", "replaced"], await world.QueryAsync<string>("select state from candidate order by 1"));
    }

    [Fact]
    public async Task A_job_that_has_not_begun_makes_way_for_a_better_series()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();
        await world.PushAsync(Series("thin", 2));
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();

        Assert.Equal(["thick best cancelled", "thin best drafted"], await world.JobsAsync());
        Assert.Single(world.Pacs.Received);
        Assert.Null(await PredecessorAsync(world.Pacs.Received[0].Document));
        Assert.Contains("job.cancelled route.superseded", await world.AuditAsync());

        // nor does an operator get a second report by trying it again
        var operating = new OperatorJobStore(world.Get<Database>(), "user:test");
        var first = (await world.QueryAsync<Guid>("select job_id from job order by created_at"))[0];
        Assert.False(await operating.TryRetryAsync(first, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
        Assert.True(await operating.IsSupersededAsync(first, CancellationToken.None));
    }

    [Fact]
    public async Task A_study_is_decided_when_none_of_its_series_is_receiving_or_when_its_time_is_up()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        var open = await world.ConnectAsync();
        await open.StoreAsync(Series("late", 2), 0);
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();
        var before = await world.JobsAsync();
        await world.RestartAsync(); // the association is over with the process that had it, the candidate is not
        await world.Database.ExecuteAsync("update series set state = 'receiving', closed_at = null where state <> 'closed'");
        Assert.Equal("waiting", Assert.Single(await world.QueryAsync<string>("select state from candidate")));
        await world.Database.ExecuteAsync("update candidate set created_at = now() - interval '1 hour'; update association set closed_at = null, ending = null where association_id in (select association_id from association_series join series using (series_key) where state = 'receiving')");
        await world.SweepSeriesAsync();

        Assert.Empty(before);
        Assert.Equal("receiving", Assert.Single(await world.QueryAsync<string>("select state from series where state <> 'closed'")));
        Assert.Equal(["thick best ready"], await world.JobsAsync());
    }

    [Fact]
    public async Task When_the_best_series_turns_out_unreadable_the_next_best_has_its_chance()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushTogetherAsync(Series("thick"), Series("thin", 2) with { Hu = _ => -1000 }); // nothing but air: found out when the pixels are read
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        Assert.Equal(["thin best failed"], await world.JobsAsync());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal(["thin best failed", "thick best drafted"], await world.JobsAsync());
        Assert.Equal(["chosen", "failed"], await world.QueryAsync<string>("select state from candidate order by 1"));
    }

    [Fact]
    public async Task A_job_that_made_way_goes_on_when_the_better_series_turns_out_unreadable()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();
        await world.PushAsync(Series("thin", 2) with { Hu = _ => -1000 });
        await world.SweepSeriesAsync();
        Assert.Equal(["thick best cancelled", "thin best ready"], await world.JobsAsync());
        await world.RunJobsAsync();
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();

        Assert.Equal(["thick best drafted", "thin best failed"], await world.JobsAsync());
        Assert.Equal(["chosen", "failed"], await world.QueryAsync<string>("select state from candidate order by 1"));
        Assert.Null(await PredecessorAsync(Assert.Single(world.Pacs.Received).Document));
        Assert.Contains("job.retried route.passed-on", await world.AuditAsync());
    }

    [Fact]
    public async Task A_job_whose_content_closes_again_before_it_begins_is_not_lost()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushAsync(Series("thick"));
        await world.SweepSeriesAsync();

        // as when a late instance reopened the series and could not be kept: another revision of the same content
        await world.Database.ExecuteAsync("update series set state = 'receiving', revision = revision + 1, closed_at = null");
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal(["thick best drafted"], await world.JobsAsync());
        Assert.Equal(["chosen", "replaced"], await world.QueryAsync<string>("select state from candidate order by 1"));
    }
}
