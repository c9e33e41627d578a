using FellowOakDicom;
using HSENet.TestKit;
using HSENet.Worker.Inference;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>A series that changes while its report is still to be written: only the report of its newest revision is.</summary>
public sealed class ChangedSeriesTests
{
    private const string JobsSql = "select series_revision || ' ' || state || coalesce(' ' || error_code, '') from job order by created_at";

    [Theory]
    [InlineData("ready", "best")]
    [InlineData("queued", "best")]
    [InlineData("running", "best")]
    [InlineData("ready", "all")]
    [InlineData("queued", "all")]
    [InlineData("running", "all")]
    public async Task A_late_slice_ends_a_job_that_is_not_drafted_yet(string state, string perStudy)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("r", perStudy: perStudy)));
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        var claim = await AdvanceAsync(world, state);
        await StoreAsync(world, SeriesTests.LastSliceAfter(12), 12);

        Assert.Equal(["1 cancelled series.changed"], await world.QueryAsync<string>(JobsSql));
        Assert.Contains("job.cancelled series.changed", await world.AuditAsync());
        if (claim is not null)
        {
            var store = world.Get<JobStore>();
            Assert.False(await store.RenewAsync(claim, CancellationToken.None));
            Assert.False(await store.TryFailAsync(claim, "x", "x", isRefusal: true, CancellationToken.None));
            Assert.Null(await store.TryRetryAsync(claim, "x", "x", CancellationToken.None));
        }

        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
        Assert.Equal(["1 cancelled series.changed", "2 drafted"], await world.QueryAsync<string>(JobsSql));
        Assert.Equal([13], await world.QueryAsync<int>("select (manifest->'input'->>'slices')::int from draft"));
        Assert.Null(await PredecessorAsync(Assert.Single(world.Pacs.Received).Document));

        var operating = new OperatorJobStore(world.Get<Database>(), "user:test");
        var old = (await world.QueryAsync<Guid>("select job_id from job where state = 'cancelled'"))[0];
        Assert.True(await operating.IsSupersededAsync(old, CancellationToken.None));
        Assert.False(await operating.TryRetryAsync(old, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
    }

    [Fact]
    public async Task A_repetition_of_what_is_here_ends_no_job()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();

        Assert.Equal(["1 ready"], await world.QueryAsync<string>(JobsSql));
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("running")]
    public async Task A_late_slice_that_makes_the_series_refused_ends_its_job_and_gives_the_others_of_the_study_their_chance(string state)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        await world.PushTogetherAsync(Series("thin", 2), Series("thick"));
        await world.SweepSeriesAsync();
        Assert.Equal(["thin best ready"], await world.JobsAsync());
        await AdvanceAsync(world, state);

        // where there is a slice already
        await StoreAsync(world, Series("thin", 2), 5, "2.25.815");
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        Assert.Equal("geometry.duplicate-position", Assert.Single(await world.QueryAsync<string>("select refusal_code from series where state = 'refused'")));
        Assert.Equal(["thin best cancelled", "thick best drafted"], await world.JobsAsync());
        Assert.Equal(["chosen", "failed"], await world.QueryAsync<string>("select state from candidate order by 1"));
    }

    [Theory]
    [InlineData("best")]
    [InlineData("all")]
    public async Task A_refused_series_that_is_reportable_again_has_a_job_of_what_it_is_then(string perStudy)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("r", perStudy: perStudy)));
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();

        // the fourteenth before the thirteenth: a gap
        var series = new CtSeriesBuilder { SliceCount = 14 };
        await StoreAsync(world, Further(series, 13), 13);
        await world.SweepSeriesAsync();
        Assert.Equal(["geometry.gap"], await world.QueryAsync<string>("select refusal_code from series"));
        Assert.Equal(["1 cancelled series.changed"], await world.QueryAsync<string>(JobsSql));
        await StoreAsync(world, Further(series, 12), 12);
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal(["1 cancelled series.changed", "3 drafted"], await world.QueryAsync<string>(JobsSql));
        Assert.Equal([14], await world.QueryAsync<int>("select (manifest->'input'->>'slices')::int from draft"));
    }

    [Theory]
    [InlineData("best")]
    [InlineData("all")]
    public async Task A_job_goes_on_when_the_late_slice_was_taken_back(string perStudy)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("r", perStudy: perStudy)));
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();

        // its row is there, and its file cannot get its place
        var folder = Assert.Single(Directory.GetDirectories(Path.Combine(world.Spool, "series")));
        Directory.Move(folder, folder + "-away");
        await File.WriteAllTextAsync(folder, "in the way", TestContext.Current.CancellationToken);
        var sender = await world.ConnectAsync();
        Assert.Equal(0x0110, (await sender.StoreAsync(SeriesTests.LastSliceAfter(12), 12)).Status);
        await sender.EndAsync();
        File.Delete(folder);
        Directory.Move(folder + "-away", folder);
        Assert.Equal(["1 cancelled series.changed"], await world.QueryAsync<string>(JobsSql));
        await world.SweepSeriesAsync();
        Assert.Equal(["1 cancelled series.changed"], await world.QueryAsync<string>(JobsSql)); // the slice may come again
        world.Settings.Series.Deadline = TimeSpan.Zero;
        await world.SweepSeriesAsync();
        Assert.Equal(["2 ready"], await world.QueryAsync<string>(JobsSql));
        Assert.Equal(["series.turned-away"], await world.QueryAsync<string>("select partial_reason from job where is_partial"));
        await world.RunJobsAsync();
        await world.DeliverAsync();

        Assert.Equal(["2 drafted"], await world.QueryAsync<string>(JobsSql));
        Assert.Contains("job.retried series.changed-back", await world.AuditAsync());
        Assert.Null(await PredecessorAsync(Assert.Single(world.Pacs.Received).Document));
    }

    [Fact]
    public async Task A_slice_that_comes_while_its_study_is_decided_ends_the_job_that_is_made_then()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("best")));
        for (var round = 0; round < 10; round++)
        {
            var series = new CtSeriesBuilder { Identity = $"{round}" };
            await world.PushAsync(series);
            await Task.WhenAll(
                Task.Run(world.SweepSeriesAsync, TestContext.Current.CancellationToken), StoreAsync(world, Further(series with { SliceCount = 13 }, 12), 12));
            await world.SweepSeriesAsync();
        }

        Assert.Equal(["13"], await world.QueryAsync<string>("select distinct instance_count::text from series where state = 'closed'"));
        Assert.Equal(10, Assert.Single(await world.QueryAsync<long>(
            "select count(*) from job join series using (series_key) where job.state = 'ready' and job.content_hash = series.content_hash")));
        Assert.Equal(10, Assert.Single(await world.QueryAsync<long>("select count(*) from job where state = 'ready'")));
    }

    private static async Task<JobClaim?> AdvanceAsync(ServiceWorld world, string state)
    {
        if (state == "ready")
            return null;
        world.Queue.Sent.Clear();
        await world.Get<JobDispatchStore>().DispatchAsync(world.Queue, CancellationToken.None);
        return state == "queued" ? null : await world.Get<JobStore>().TryClaimAsync(Assert.Single(world.Queue.Sent), "me", CancellationToken.None);
    }

    /// <summary>A series of twelve that goes on beyond its head end.</summary>
    private static CtSeriesBuilder Further(CtSeriesBuilder series, int slice)
    {
        var twelve = series with { SliceCount = 12 };
        var position = twelve.DataSet(0).GetValues<decimal>(DicomTag.ImagePositionPatient);
        var step = twelve.DataSet(1).GetValue<decimal>(DicomTag.ImagePositionPatient, 2) - position[2];
        return series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.ImagePositionPatient, position[0], position[1], position[2] + (slice * step)) };
    }

    private static async Task StoreAsync(ServiceWorld world, CtSeriesBuilder series, int slice, string? sopInstanceUid = null)
    {
        var dataSet = series.DataSet(slice);
        if (sopInstanceUid is not null)
            dataSet.AddOrUpdate(DicomTag.SOPInstanceUID, sopInstanceUid);
        using var stream = new MemoryStream();
        await new DicomFile(dataSet).SaveAsync(stream);
        var sender = await world.ConnectAsync();
        Assert.Equal(0, (await sender.StoreAsync(stream.ToArray(), sopInstanceUid ?? series.SliceUid(slice))).Status);
        await sender.EndAsync();
    }
}
