using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;
using HSENet.Worker.Retention;

namespace HSENet.Integration.Tests;

/// <summary>What the spool keeps and what it lets go. Rows are made older instead of waiting for days.</summary>
public sealed class RetentionTests
{
    private const int Slices = 12;

    private const string Age = """
        update series set closed_at = closed_at - interval '8 days', last_instance_at = last_instance_at - interval '8 days';
        update job set ended_at = ended_at - interval '8 days', created_at = created_at - interval '8 days';
        update delivery set stored_at = stored_at - interval '8 days', committed_at = committed_at - interval '8 days';
        update commitment_request set created_at = created_at - interval '8 days';
        """;

    [Fact]
    public async Task A_reported_and_delivered_series_goes_when_it_is_old_enough()
    {
        await using var world = await ReportedAsync();
        Assert.Equal((0, 0), await RunAsync(world));
        Assert.Equal((Slices, 3), (Files(world), ReportFiles(world)));

        await world.Database.ExecuteAsync(Age);
        Assert.Equal((1, Slices), await RunAsync(world));
        Assert.Equal((0, 0), (Files(world), ReportFiles(world)));
        Assert.Empty(Directory.GetDirectories(Path.Combine(world.Spool, "series")));
        Assert.Equal("0 0 0", Assert.Single(await world.QueryAsync<string>(
            "select instance_count || ' ' || (select count(*) from instance) || ' ' || (select count(*) from spool_removal) from series")));
        Assert.Equal("110105 D 12 spool.retention", Assert.Single(await world.QueryAsync<string>(
            "select dcm_code || ' ' || action || ' ' || (details::jsonb->>'instances') || ' ' || reason from audit.event where event = 'spool.deleted' and series_key is not null and study_uid is not null")));
        Assert.Equal((0, 0), await RunAsync(world));
    }

    [Fact]
    public async Task A_series_sent_again_after_it_went_is_kept_again_and_reported_once()
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync(Age);
        await RunAsync(world);
        Assert.All(await world.PushAsync(new CtSeriesBuilder()), reply => Assert.Equal(0, reply.Status));
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.KeepReportsAsync();

        Assert.Equal((Slices, 3), (Files(world), ReportFiles(world)));
        Assert.Equal("closed 2 12", Assert.Single(await world.QueryAsync<string>("select state || ' ' || revision || ' ' || instance_count from series")));
        Assert.Equal("drafted", Assert.Single(await world.QueryAsync<string>("select state from job")));
    }

    [Theory]
    [InlineData("update series set state = 'receiving', closed_at = null")]
    [InlineData("update job set state = 'ready', ended_at = null")]
    [InlineData("update job set state = 'queued', ended_at = null")]
    [InlineData("update job set state = 'running', ended_at = null")]
    [InlineData("update job set state = 'failed'")]
    [InlineData("update job set state = 'dead'")]
    [InlineData("update job set ended_at = now() - interval '6 days'")]
    [InlineData("update delivery set state = 'pending', stored_at = null")]
    [InlineData("update delivery set state = 'sending', stored_at = null")]
    [InlineData("update delivery set state = 'failed', stored_at = null")]
    [InlineData("update delivery set stored_at = now() - interval '6 days'")]
    [InlineData("update series set last_instance_at = now() - interval '6 days'")]
    [InlineData("insert into commitment(transaction_uid, delivery_id, round, state) select '2.25.9', delivery_id, 1, 'asked' from delivery")]
    [InlineData("update association set closed_at = null, ending = null")]
    public async Task What_is_not_finished_stays(string sql)
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync(Age + sql);
        Assert.Equal((0, 0), await RunAsync(world));
        Assert.Equal(Slices, Files(world));
    }

    [Theory]
    [InlineData("update job set state = 'cancelled'")]
    [InlineData("update job set state = 'failed'; update series set state = 'refused'; delete from delivery")]
    [InlineData("update delivery set state = 'committed', committed_at = now() - interval '8 days'")]
    [InlineData("delete from delivery")]
    public async Task What_is_finished_in_another_way_goes(string sql)
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync(Age + sql);
        Assert.Equal((1, Slices), await RunAsync(world));
    }

    [Fact]
    public async Task A_series_stays_while_another_of_its_study_is_not_finished()
    {
        // each series has its own report: the study is finished with the last of them
        await using var world = await ReportedAsync(settings => settings.Routes.Add(RoutingWorld.Route("each", perStudy: "all")));
        await world.Database.ExecuteAsync(Age);
        await world.PushAsync(new CtSeriesBuilder { Identity = "b" });
        await world.Database.ExecuteAsync("update series set study_uid = (select study_uid from series where state = 'closed')");
        Assert.Equal((0, 0), await RunAsync(world));

        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
        Assert.Equal((0, 0), await RunAsync(world));

        // its report is as old as the other's; the series itself is not
        await world.Database.ExecuteAsync("update job set ended_at = now() - interval '8 days'; update delivery set stored_at = now() - interval '8 days'");
        Assert.Equal((1, Slices), await RunAsync(world));
        Assert.Equal(Slices, Files(world));
    }

    [Fact]
    public async Task A_failed_job_holds_nothing_when_a_later_one_has_reported()
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync(
            Age + "insert into job(job_id, series_key, series_revision, content_hash, is_partial, route, mode, model, state, created_at) select gen_random_uuid(), series_key, 0, 'x', false, route, mode, model, 'dead', created_at - interval '1 hour' from job");
        Assert.Equal((1, Slices), await RunAsync(world));
    }

    [Fact]
    public async Task A_job_whose_images_went_is_not_tried_again_until_they_are_here_again()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder { SliceCount = Slices });
        await world.SweepSeriesAsync();
        var jobs = new OperatorJobStore(world.Get<Database>(), "user:tester");
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        Assert.True(await jobs.TryCancelAsync(jobId, CancellationToken.None));
        await world.Database.ExecuteAsync(Age);
        Assert.Equal((1, Slices), await RunAsync(world));

        var refused = await WorkerProcess.RunAsync(
            ["jobs", "retry", $"{jobId}"],
            HostWorld.Deadline,
            new Dictionary<string, string?> { ["Database:ConnectionString"] = world.Settings.Database.ConnectionString });
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith($"error jobs.deleted: job {jobId} is cancelled", refused.Error, StringComparison.Ordinal);
        Assert.Equal("cancelled", Assert.Single(await world.QueryAsync<string>("select state from job")));

        await world.PushAsync(new CtSeriesBuilder { SliceCount = Slices });
        await world.SweepSeriesAsync();
        Assert.True(await jobs.TryRetryAsync(jobId, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
        await world.RunJobsAsync();
        Assert.Equal("drafted 2", Assert.Single(await world.QueryAsync<string>("select state || ' ' || series_revision from job")));
    }

    [Fact]
    public async Task What_a_sender_was_lately_promised_stays()
    {
        await using var world = await ReportedAsync();
        var uid = (await world.QueryAsync<string>("select sop_instance_uid from instance limit 1"))[0];
        await world.Database.ExecuteAsync(
            $"""
            {Age}
            insert into commitment_request(request_id, calling_ae, transaction_uid, remote_host, association_id, reference_digest, reference_count, state, created_at)
            values (gen_random_uuid(), 'CT1', '2.25.8', '127.0.0.1', gen_random_uuid(), sha256(''), 1, 'reported', now() - interval '6 days');
            insert into commitment_reference(request_id, position, sop_class_uid, sop_instance_uid) select request_id, 0, '1.2', '{uid}' from commitment_request;
            """);
        Assert.Equal((0, 0), await RunAsync(world));
        await world.Database.ExecuteAsync("update commitment_request set created_at = now() - interval '8 days'");
        Assert.Equal((1, Slices), await RunAsync(world));
    }

    [Fact]
    public async Task A_crash_between_the_rows_and_the_files_leaves_nothing_that_a_start_takes_for_received()
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync(Age);
        var seriesKey = Assert.Single(await world.QueryAsync<Guid>("select series_key from series"));
        Assert.Equal(Slices, (await world.Get<RetentionStore>().TakeOutAsync(seriesKey, world.Get<SpoolStore>().HostId, CancellationToken.None)).Count);
        File.Delete(Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories)[0]);
        await world.RestartAsync();

        Assert.Equal(Slices - 1, Files(world));
        Assert.Equal("closed 1 0", Assert.Single(await world.QueryAsync<string>("select state || ' ' || revision || ' ' || instance_count from series")));
        Assert.Equal((0, Slices), await RunAsync(world));
        Assert.Equal((0, 0), (Files(world), ReportFiles(world)));
        Assert.Empty(await world.QueryAsync<Guid>("select instance_key from spool_removal"));
    }

    [Fact]
    public async Task An_instance_that_arrives_while_its_series_goes_is_kept()
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync(Age);
        var series = new CtSeriesBuilder();
        await using (var held = await HeldTable.HoldAsync(world.Database, "audit.event"))
        {
            // retention has locked the series and waits in the middle of its transaction
            var retention = Task.Run(() => RunAsync(world));
            await held.WaitForWaitersAsync(1, TimeSpan.FromSeconds(60));
            var sender = await world.ConnectAsync();
            var storing = Task.Run(async () =>
            {
                var reply = await sender.StoreAsync(series, 0);
                await sender.EndAsync();
                return reply;
            });
            await Until.TrueAsync(
                async () => await world.Database.ScalarAsync<long>("select count(*) from pg_locks where not granted and locktype in ('transactionid', 'tuple')") > 0,
                TimeSpan.FromSeconds(60),
                "the sender waits for retention");
            await held.DisposeAsync();
            Assert.Equal((1, Slices), await retention);
            Assert.Equal(0, (await storing).Status);
        }

        Assert.Equal(1, Files(world));
        Assert.Equal("receiving 2 1", Assert.Single(await world.QueryAsync<string>("select state || ' ' || revision || ' ' || instance_count from series")));
        var path = Assert.Single(await world.QueryAsync<string>("select replace(series_key::text, '-', '') || '/' || replace(instance_key::text, '-', '') || '.dcm' from instance"));
        Assert.True(File.Exists(Path.Combine(world.Spool, "series", path)));
    }

    [Fact]
    public async Task The_files_of_another_spool_are_its_own_affair()
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync(Age + "update association set host = 'another'");
        Assert.Equal((0, 0), await RunAsync(world));
        Assert.Equal(Slices, Files(world));
    }

    private static Task<(int SeriesCount, int FileCount)> RunAsync(ServiceWorld world) => world.Get<SpoolRetention>().RunAsync(CancellationToken.None);

    private static int Files(ServiceWorld world) => Directory.GetFiles(Path.Combine(world.Spool, "series"), "*", SearchOption.AllDirectories).Length;

    /// <summary>Of the kept reports.</summary>
    private static int ReportFiles(ServiceWorld world) =>
        ((string[])["reports", "reported"]).Sum(folder => Directory.GetFiles(Path.Combine(world.Spool, folder), "*", SearchOption.AllDirectories).Length);

    private static async Task<ServiceWorld> ReportedAsync(Action<WorkerSettings>? change = null)
    {
        var world = await ServiceWorld.CreateAsync(change);
        await world.PushAsync(new CtSeriesBuilder { SliceCount = Slices });
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
        Assert.Equal("stored", Assert.Single(await world.QueryAsync<string>("select state from delivery")));
        return world;
    }
}
