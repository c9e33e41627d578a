using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.Model;
using HSENet.TestKit;
using HSENet.Worker.Delivery;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Reporting;

namespace HSENet.Integration.Tests;

public sealed class JobTests
{
    [Fact]
    public async Task The_story_of_a_report_is_audited_in_order()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();

        Assert.Equal(
            [
                "service.started", "instances.received", "series.closed", "job.created", "job.queued", "job.started", "job.drafted",
                "delivery.started", "delivery.stored",
            ],
            await world.AuditAsync());
        Assert.Equal(["110100 110120", "110104", "110103", "110102", "110104"], await world.QueryAsync<string>(
            "select dcm_code || coalesce(' ' || dcm_type, '') from audit.event where dcm_code is not null order by event_id"));
        var series = new CtSeriesBuilder();
        Assert.All(
            await world.QueryAsync<(string Study, string Series)>("select study_uid, series_uid from audit.event where series_key is not null"),
            row => Assert.Equal((series.StudyUid, series.SeriesUid), row));
    }

    [Fact]
    public async Task What_the_PACS_gets_is_the_stored_document_of_the_model_that_ran()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();

        var (calledAe, document) = Assert.Single(world.Pacs.Received);
        Assert.Equal("PACS", calledAe);
        Assert.Equal(document, Assert.Single(await world.QueryAsync<byte[]>("select document from draft")));
        var file = await DicomFile.OpenAsync(new MemoryStream(document));
        Assert.Equal("COMPLETE", file.Dataset.GetSingleValue<string>(DicomTag.CompletionFlag));
        Assert.Equal(new string('a', 64), Assert.Single(await world.QueryAsync<string>("select model_digest from job")));
        Assert.Equal("write", Assert.Single(await world.QueryAsync<string>("select manifest#>>'{model,settings,prompt,report}' from draft")));
        Assert.Equal(ToolkitIdentity.Text, Assert.Single(await world.QueryAsync<string>("select manifest#>>'{versions,dicom_toolkit}' from draft")));
        Assert.Contains("12 slices", Assert.Single(await world.QueryAsync<string>("select text from draft")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_not_whole_is_marked_partial_with_the_reason_whatever_stopped_it()
    {
        await using var world = await ServiceWorld.CreateAsync();
        foreach (var (reason, number) in Enum.GetValues<FinishReason>().Where(reason => reason != FinishReason.Stop).Select((reason, number) => (reason, number)))
        {
            world.Model.FinishReason = reason;
            await world.PushAsync(new CtSeriesBuilder { Identity = $"{number}" });
            await world.SweepSeriesAsync();
            await world.RunJobsAsync();
            var row = Assert.Single(await world.QueryAsync<byte[]>($"select document from draft where finish_reason = '{reason}'"));
            var document = (await DicomFile.OpenAsync(new MemoryStream(row))).Dataset;
            Assert.Equal("PARTIAL", document.GetSingleValue<string>(DicomTag.CompletionFlag));
            Assert.Equal(PartialText.Reason(reason, isPartialSeries: false), document.GetSingleValue<string>(DicomTag.CompletionFlagDescription));
        }
    }

    [Fact]
    public async Task A_job_whose_holder_died_is_run_again_and_the_dead_holder_is_fenced_out()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var store = world.Get<JobStore>();
        var jobId = await MakeJobAsync(world);
        var old = Assert.IsType<JobClaim>(await store.TryClaimAsync(jobId, "old", CancellationToken.None));
        await world.RunJobsAsync();
        Assert.Empty(await world.QueryAsync<byte[]>("select document from draft"));

        await world.Database.ExecuteAsync("update job set lease_until = now() - interval '1 s'");
        await world.Get<JobDispatchStore>().TakeBackAsync(CancellationToken.None);
        await world.HurryAsync();
        var current = Assert.IsType<JobClaim>(await store.TryClaimAsync(jobId, "new", CancellationToken.None));

        // the row is running, though not for the old one
        await AssertFencedAsync();
        Assert.True(await store.RenewAsync(current, CancellationToken.None));
        Assert.True(await store.TryReleaseAsync(current, CancellationToken.None));
        await world.RunJobsAsync();
        await AssertFencedAsync();
        Assert.Equal("drafted 2", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt from job")));
        Assert.Single(await world.QueryAsync<byte[]>("select document from draft"));
        Assert.Equal("closed", Assert.Single(await world.QueryAsync<string>("select state from series")));
        Assert.Contains("job.retried job.lease-expired", await world.AuditAsync());

        async Task AssertFencedAsync()
        {
            Assert.False(await store.RenewAsync(old, CancellationToken.None));
            Assert.False(await store.TryDraftAsync(old, Draft(jobId), [], CancellationToken.None));
            Assert.False(await store.TryFailAsync(old, "x", "x", isRefusal: true, CancellationToken.None));
            Assert.Null(await store.TryRetryAsync(old, "x", "x", CancellationToken.None));
            Assert.False(await store.TryReleaseAsync(old, CancellationToken.None));
        }
    }

    /// <summary>The database was away for longer than a lease: its holder comes back with what it has, unless somebody else has the job by then.</summary>
    [Fact]
    public async Task A_job_that_was_taken_back_and_not_claimed_is_still_its_holders()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var store = world.Get<JobStore>();
        var jobId = await MakeJobAsync(world);
        var claim = Assert.IsType<JobClaim>(await store.TryClaimAsync(jobId, "holder", CancellationToken.None));
        await ExpireAsync();
        Assert.True(await store.RenewAsync(claim, CancellationToken.None));
        Assert.Equal("running holder", Assert.Single(await world.QueryAsync<string>("select state || ' ' || lease_owner from job where lease_until > now() and error_code is null")));

        await ExpireAsync();
        Assert.True(await store.TryDraftAsync(claim, Draft(jobId), [], CancellationToken.None));
        Assert.True(await store.TryDraftAsync(claim, Draft(jobId), [], CancellationToken.None), "the answer to the first try was lost");
        Assert.Equal("drafted 1", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt from job where error_code is null")));
        Assert.Single(await world.QueryAsync<byte[]>("select document from draft"));
        Assert.Single(await world.AuditAsync(), "job.drafted");

        async Task ExpireAsync()
        {
            await world.Database.ExecuteAsync("update job set lease_until = now() - interval '1 s'");
            await world.Get<JobDispatchStore>().TakeBackAsync(areLeasesJudged: false, CancellationToken.None);
            Assert.Equal("running", Assert.Single(await world.QueryAsync<string>("select state from job")));
            await world.Get<JobDispatchStore>().TakeBackAsync(CancellationToken.None);
            Assert.Equal("ready job.lease-expired", Assert.Single(await world.QueryAsync<string>("select state || ' ' || error_code from job")));
        }
    }

    [Fact]
    public async Task Each_attempt_writes_the_same_bytes()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var jobId = await MakeJobAsync(world);
        var store = world.Get<JobStore>();
        var documents = new List<byte[]>();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var claim = Assert.IsType<JobClaim>(await store.TryClaimAsync(jobId, "me", CancellationToken.None));
            var result = await world.Get<ReportPipeline>().RunAsync(claim, _ => { }, CancellationToken.None);
            documents.Add(Assert.IsType<PipelineResult.Drafted>(result).Draft.Document);
            await store.TryRetryAsync(claim, "test", "again", CancellationToken.None);
            await world.Database.ExecuteAsync("update job set not_before = now() - interval '1 hour'");
        }

        Assert.Equal(documents[0], documents[1]);
    }

    [Fact]
    public async Task A_job_that_keeps_failing_is_dead_after_five_attempts()
    {
        await using var world = await ServiceWorld.CreateAsync();
        world.Model.Failure = () => new HSENetModelException("model.memory", "not enough memory");
        await MakeJobAsync(world);
        for (var attempt = 0; attempt < 7; attempt++)
        {
            await world.RunJobsAsync();
            await world.HurryAsync();
        }

        Assert.Equal("dead 5 model.memory", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt || ' ' || error_code from job")));
        Assert.Equal(5, world.Model.Calls);
        Assert.Equal("job.dead model.memory", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task A_failed_attempt_waits_before_the_next()
    {
        await using var world = await ServiceWorld.CreateAsync();
        world.Model.Failure = () => new InvalidOperationException("patient name in a foreign message");
        await MakeJobAsync(world);
        await world.RunJobsAsync();
        await world.RunJobsAsync();

        Assert.Equal(1, world.Model.Calls);
        Assert.Equal("job.exception InvalidOperationException", Assert.Single(await world.QueryAsync<string>("select error_code || ' ' || error_detail from job")));
        Assert.DoesNotContain(await world.QueryAsync<string>("select details from audit.event"), d => d.Contains("patient name", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pixels_that_cannot_be_read_fail_the_job_and_refuse_the_series()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder { EditPixels = (slice, pixels) => slice == 3 ? pixels[..100] : pixels });
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        var code = Assert.Single(await world.QueryAsync<string>("select refusal_code from series where state = 'refused'"));
        Assert.Equal(0, world.Model.Calls);
        Assert.Equal("series.refused " + code, (await world.AuditAsync())[^1]);
        Assert.All(await world.QueryAsync<string>("select state || ' ' || error_code from job"), job => Assert.Equal($"failed {code}", job));
    }

    [Fact]
    public async Task A_job_whose_files_are_gone_is_not_reported_on()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await MakeJobAsync(world);
        File.Delete(Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories)[4]);
        await world.RunJobsAsync();

        Assert.Equal("ready spool.missing", Assert.Single(await world.QueryAsync<string>("select state || ' ' || error_code from job")));
        Assert.Empty(await world.QueryAsync<byte[]>("select document from draft"));
    }

    [Fact]
    public async Task A_message_delivered_twice_runs_the_job_once()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var jobId = await MakeJobAsync(world);
        await world.RunJobsAsync();
        await world.Get<JobRunner>().RunAsync(jobId, CancellationToken.None);

        Assert.Equal(1, world.Model.Calls);
        Assert.Single(await world.QueryAsync<byte[]>("select document from draft"));
    }

    [Fact]
    public async Task A_job_whose_message_was_lost_is_sent_again()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await MakeJobAsync(world);
        await world.Get<JobDispatchStore>().DispatchAsync(world.Queue, CancellationToken.None);
        Assert.Equal(0, await world.Get<JobDispatchStore>().DispatchAsync(world.Queue, CancellationToken.None));
        await world.Database.ExecuteAsync("update job set queued_at = now() - interval '13 hours'");
        await world.Get<JobDispatchStore>().TakeBackAsync(CancellationToken.None);

        Assert.Equal(1, await world.Get<JobDispatchStore>().DispatchAsync(world.Queue, CancellationToken.None));
        Assert.Contains("job.retried job.unclaimed", await world.AuditAsync());
    }

    [Fact]
    public async Task What_was_queued_in_memory_is_queued_again_after_a_restart()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await MakeJobAsync(world);
        await world.Get<JobDispatchStore>().DispatchAsync(world.Queue, CancellationToken.None);
        await world.RestartAsync();
        await world.RunJobsAsync();

        Assert.Equal("drafted", Assert.Single(await world.QueryAsync<string>("select state from job")));
    }

    [Fact]
    public async Task What_the_killed_process_was_doing_is_done_soon_after_the_restart()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var jobId = await MakeJobAsync(world);
        var owner = world.Get<ProcessIdentity>().LeaseOwner;
        await world.Get<JobStore>().TryClaimAsync(jobId, owner, CancellationToken.None);
        await world.RestartAsync();
        await world.HurryAsync();
        await world.RunJobsAsync();
        await world.Get<DeliveryStore>().TryClaimAsync("pacs", owner, CancellationToken.None);
        await world.RestartAsync();
        await world.DeliverAsync();

        Assert.Equal("drafted 2", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt from job")));
        Assert.Equal("stored 2", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt from delivery")));
        Assert.Contains("job.retried host.restarted", await world.AuditAsync());
    }

    [Fact]
    public async Task Two_dispatchers_send_each_job_once()
    {
        await using var world = await ServiceWorld.CreateAsync();
        for (var i = 0; i < 6; i++)
            await world.PushAsync(new CtSeriesBuilder { Identity = $"patient {i}" });
        await world.SweepSeriesAsync();
        var queues = new[] { new RecordingQueue(), new RecordingQueue() };
        await Task.WhenAll(queues.Select(q => Task.Run(() => world.Get<JobDispatchStore>().DispatchAsync(q, CancellationToken.None))));

        var sent = queues.SelectMany(q => q.Sent).ToList();
        Assert.Equal(6, sent.Count);
        Assert.Equal(6, sent.Distinct().Count());
    }

    private static async Task<Guid> MakeJobAsync(ServiceWorld world)
    {
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        return Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
    }

    private static FinishedDraft Draft(Guid jobId) => new()
    {
        JobId = jobId,
        SeriesInstanceUid = "1.2",
        SopInstanceUid = "1.3",
        Document = [1],
        Text = "stale",
        FinishReason = "Stop",
        Manifest = "{}",
        ModelName = "old",
        ModelDigest = "old",
        ModelPurpose = "research",
        HuSha256 = "",
    };
}
