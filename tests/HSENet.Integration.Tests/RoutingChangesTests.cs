using FellowOakDicom;
using HSENet.TestKit;
using HSENet.Worker.Inference;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>A study's one report, when the series that it was or would be made of turns out to be another one than it seemed.</summary>
public sealed class RoutingChangesTests
{
    private static readonly Func<System.Numerics.Vector3, int> Air = _ => -1000; // found out when the pixels are read

    [Fact]
    public async Task A_report_stands_when_a_better_series_turns_out_unreadable_and_only_a_better_one_than_its_own_replaces_it()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushTogetherAsync(Series("thin", 2), Series("thick"));
        await AdvanceAsync(world);
        foreach (var series in (CtSeriesBuilder[])[Series("late", 1.5) with { Hu = Air }, Series("sharp", 1.5, "Bl57f")])
        {
            await world.PushAsync(series);
            await AdvanceAsync(world);
            await AdvanceAsync(world);
        }

        Assert.Equal(["thin best drafted", "late best failed"], await world.JobsAsync());
        Assert.Equal(["chosen", "failed", "passed", "passed"], await world.QueryAsync<string>("select state from candidate order by 1"));
        Assert.Single(world.Pacs.Received);

        await world.PushAsync(Series("better", 1.5));
        await AdvanceAsync(world);
        Assert.Equal(["thin best drafted", "late best failed", "? best drafted"], await world.JobsAsync());
        Assert.Equal(await FirstReportAsync(world), await PredecessorAsync(world.Pacs.Received[1].Document));
    }

    [Fact]
    public async Task A_series_that_was_passed_for_the_unreadable_one_has_its_chance_against_the_report_that_stands()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushAsync(Series("thick"));
        await AdvanceAsync(world);
        await world.PushTogetherAsync(Series("late", 1.5) with { Hu = Air }, Series("thin", 2));
        await AdvanceAsync(world);
        await AdvanceAsync(world);

        Assert.Equal(["thick best drafted", "late best failed", "thin best drafted"], await world.JobsAsync());
        Assert.Equal(await FirstReportAsync(world), await PredecessorAsync(world.Pacs.Received[1].Document));
    }

    [Fact]
    public async Task Nothing_is_passed_on_to_a_series_whose_files_are_gone()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushTogetherAsync(Series("thick"), Series("thin", 2) with { Hu = Air });
        await world.SweepSeriesAsync();

        // as retention takes them out of the ledger
        var thick = $"(select series_key from series where series_uid = '{Series("thick").SeriesUid}')";
        await world.Database.ExecuteAsync($"delete from instance where series_key = {thick}; update series set instance_count = 0 where series_key = {thick}");
        await world.RunJobsAsync();
        await AdvanceAsync(world);

        Assert.Equal(["thin best failed"], await world.JobsAsync());
        Assert.Equal(["failed", "passed"], await world.QueryAsync<string>("select state from candidate order by 1"));
    }

    [Fact]
    public async Task A_failed_job_that_is_tried_again_is_its_studys_choice_again()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushAsync(Series("thick"));
        await AdvanceAsync(world);
        await world.PushAsync(Series("thin", 1.5));
        await world.SweepSeriesAsync();
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job where state = 'ready'"));
        var claim = await world.Get<JobStore>().TryClaimAsync(jobId, "me", CancellationToken.None);
        Assert.True(await world.Get<JobStore>().TryFailAsync(claim!, "pixels.compressed", "", isRefusal: true, CancellationToken.None));
        var operating = new OperatorJobStore(world.Get<Database>(), "user:test");
        Assert.False(await operating.IsSupersededAsync(jobId, CancellationToken.None));
        Assert.True(await operating.TryRetryAsync(jobId, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
        await AdvanceAsync(world);
        await world.PushAsync(Series("sharp", 1.5, "Bl57f"));
        await AdvanceAsync(world);

        Assert.Equal(["thick best drafted", "thin best drafted"], await world.JobsAsync());
        Assert.Equal(["chosen", "passed", "replaced"], await world.QueryAsync<string>("select state from candidate order by 1"));
        Assert.Equal(await FirstReportAsync(world), await PredecessorAsync(world.Pacs.Received[1].Document));
    }

    [Theory]
    [InlineData(1)] // too few: its study has nothing to report on
    [InlineData(12)]
    public async Task A_series_that_is_refused_while_it_waits_for_its_study_is_not_reported(int otherSlices)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        var other = Series("sharp", kernel: "Bl57f");
        var open = await world.ConnectAsync();
        await open.StoreAsync(other, 0);
        await world.PushAsync(Series("thin", 2));
        await world.SweepSeriesAsync();
        Assert.Equal("waiting", Assert.Single(await world.QueryAsync<string>("select state from candidate")));

        // a late slice where there is one already
        await StoreAsync(world, Series("thin", 2), 5, "2.25.815");
        await world.SweepSeriesAsync();
        Assert.Equal("geometry.duplicate-position 2", Assert.Single(
            await world.QueryAsync<string>("select refusal_code || ' ' || revision from series where state = 'refused'")));
        for (var slice = 1; slice < otherSlices; slice++)
            await open.StoreAsync(other, slice);
        await open.EndAsync();
        await AdvanceAsync(world);

        string[] jobs = otherSlices == 1 ? [] : ["sharp best drafted"];
        Assert.Equal(jobs, await world.JobsAsync());
        Assert.Equal(jobs.Length, world.Pacs.Received.Count);
        Assert.Empty(await world.QueryAsync<string>("select state from candidate where state = 'waiting'"));
        Assert.Contains("series.passed-over route.series-changed", await world.AuditAsync());
    }

    [Fact]
    public async Task A_series_that_receives_again_is_decided_about_when_it_has_closed_even_if_its_studys_time_is_up()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        var open = await world.ConnectAsync();
        await open.StoreAsync(Series("late"), 0);
        var first = await world.ConnectAsync();
        for (var slice = 0; slice < 11; slice++)
            await first.StoreAsync(Series("thick"), slice);
        await first.EndAsync();
        await world.SweepSeriesAsync();
        var second = await world.ConnectAsync();
        await second.StoreAsync(Series("thick"), 11);
        await world.Database.ExecuteAsync("update candidate set created_at = now() - interval '1 hour'");
        await world.SweepSeriesAsync();

        Assert.Equal("waiting", Assert.Single(await world.QueryAsync<string>("select state from candidate")));
        Assert.Empty(await world.JobsAsync());

        await second.EndAsync();
        await world.SweepSeriesAsync();
        Assert.Equal("2 chosen", Assert.Single(
            await world.QueryAsync<string>("select j.series_revision || ' ' || c.state from job j join candidate c using (job_id)")));
        Assert.Equal(["1 passed", "2 chosen"], await world.QueryAsync<string>("select series_revision || ' ' || state from candidate order by 1"));
    }

    /// <summary>Everything that is due now: series end, jobs run, reports go.</summary>
    private static async Task AdvanceAsync(ServiceWorld world)
    {
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
    }

    /// <summary>One slice by itself, under another UID.</summary>
    private static async Task StoreAsync(ServiceWorld world, CtSeriesBuilder series, int slice, string sopInstanceUid)
    {
        var dataSet = series.DataSet(slice).AddOrUpdate(DicomTag.SOPInstanceUID, sopInstanceUid);
        using var stream = new MemoryStream();
        await new DicomFile(dataSet).SaveAsync(stream);
        var sender = await world.ConnectAsync();
        Assert.Equal(0, (await sender.StoreAsync(stream.ToArray(), sopInstanceUid)).Status);
        await sender.EndAsync();
    }

    private static async Task<string> FirstReportAsync(ServiceWorld world) =>
        (await world.QueryAsync<string>("select sop_instance_uid from draft order by created_at"))[0];
}
