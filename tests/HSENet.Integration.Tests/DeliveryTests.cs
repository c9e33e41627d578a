using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

public sealed class DeliveryTests
{
    private const string StatesSql = "select destination || ' ' || state || ' ' || attempt from delivery order by destination";

    [Fact]
    public async Task A_PACS_that_is_down_gets_the_report_later()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await world.DeliverAsync();
        await world.DeliverAsync();
        var during = Assert.Single(await world.QueryAsync<string>(StatesSql));
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.HurryAsync();
        await world.DeliverAsync();

        Assert.Equal("pacs pending 1", during);
        Assert.Equal("pacs stored 2", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Equal(
            ["delivery.started", "delivery.retried delivery.unreachable", "delivery.started", "delivery.stored"], (await world.AuditAsync()).TakeLast(4));
    }

    [Fact]
    public async Task A_refusal_for_good_is_not_tried_again()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.status", "0122", IsTransient: false);
        await world.DeliverAsync();
        await world.HurryAsync();
        await world.DeliverAsync();

        Assert.Equal("pacs failed 1", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Equal("delivery.failed delivery.status", (await world.AuditAsync())[^1]);
    }

    /// <summary>What it refuses may be every report: after one of them it is asked no more, until somebody has looked, or a while has passed.</summary>
    [Fact]
    public async Task A_destination_that_refuses_for_good_gets_no_other_report_until_it_takes_one_or_all_are_sent_again()
    {
        await using var world = await DraftedAsync();
        foreach (var identity in (string[])["b", "c"])
        {
            await world.PushAsync(new CtSeriesBuilder { Identity = identity });
        }

        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        var refusal = new SendOutcome.Failed("delivery.status", "status 0124 Refused: Not Authorized", IsTransient: false) { Status = 0x0124 };
        world.Pacs.Answer = _ => refusal;
        await world.DeliverAsync();
        await world.HurryAsync();
        await world.DeliverAsync();
        Assert.Equal(["failed 1", "pending 0", "pending 0"], await OutcomesAsync());
        Assert.Equal("pacs delivery.status 1", Assert.Single(await world.QueryAsync<string>("select destination || ' ' || code || ' ' || refused_count from destination_stop")));

        // after a while one is tried
        await world.Database.ExecuteAsync("update destination_stop set probe_at = now()");
        await world.HurryAsync();
        await world.DeliverAsync();
        Assert.Equal(["failed 1", "failed 1", "pending 0"], await OutcomesAsync());
        Assert.True(await world.Database.ScalarAsync<bool>("select probe_at > now() + interval '29 minutes' from destination_stop"));

        // an operator sends all that failed: the stop is over, and each is sent
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        var store = new OperatorDeliveryStore(world.Get<Database>(), "user");
        var failed = await store.FailedAsync(CancellationToken.None);
        Assert.Equal(2, failed.Count);
        foreach (var jobId in failed)
        {
            Assert.Equal(["pacs"], await store.RestartAsync(jobId, "operator", CancellationToken.None));
        }

        await world.DeliverAsync();
        Assert.Equal(["stored 1", "stored 2", "stored 2"], await OutcomesAsync());

        async Task<IEnumerable<string>> OutcomesAsync() => (await world.QueryAsync<string>("select state || ' ' || attempt from delivery")).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_destination_that_refused_one_report_and_takes_the_next_is_not_stopped_any_more()
    {
        await using var world = await DraftedAsync();
        await world.PushAsync(new CtSeriesBuilder { Identity = "b" });
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        var isFirst = true;
        world.Pacs.Answer = _ =>
        {
            var outcome = isFirst ? (SendOutcome)new SendOutcome.Failed("delivery.status", "status C000", IsTransient: false) { Status = 0xC000 } : new SendOutcome.Stored();
            isFirst = false;
            return outcome;
        };
        await world.DeliverAsync();
        await world.Database.ExecuteAsync("update destination_stop set probe_at = now()");
        await world.DeliverAsync();

        Assert.Equal(["failed", "stored"], (await world.QueryAsync<string>("select state from delivery")).Order());
        Assert.Empty(await world.QueryAsync<string>("select destination from destination_stop"));
    }

    [Fact]
    public async Task A_build_whose_connections_have_no_guard_is_no_fault_of_the_destination_and_fails_at_once()
    {
        await using var world = await DraftedAsync();
        await world.PushAsync(new CtSeriesBuilder { Identity = "b" });
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unguarded", "", IsTransient: false);
        await world.DeliverAsync();
        await world.HurryAsync();
        await world.DeliverAsync();

        Assert.Equal(["failed 1", "pending 0"], (await world.QueryAsync<string>("select state || ' ' || attempt from delivery")).Order());
        Assert.Equal("pacs delivery.unguarded", Assert.Single(await world.QueryAsync<string>("select destination || ' ' || code from destination_stop")));
    }

    [Fact]
    public async Task A_warning_is_stored_and_recorded()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.StoredWithWarning(0xB000);
        await world.DeliverAsync();

        Assert.Equal("stored 45056", Assert.Single(await world.QueryAsync<string>("select state || ' ' || warning_status from delivery")));
        Assert.Equal("delivery.stored delivery.warning", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task Each_destination_has_its_own_outcome()
    {
        await using var world = await DraftedAsync(s => s.Destinations.Add(new DestinationOptions { Name = "archive", AeTitle = "ARCHIVE", Host = "127.0.0.1" }));
        world.Pacs.Answer = node => node.CalledAe == "ARCHIVE" ? new SendOutcome.Failed("delivery.unreachable", "", IsTransient: true) : new SendOutcome.Stored();
        await world.DeliverAsync("archive");
        await world.DeliverAsync("pacs");

        Assert.Equal(["archive pending 1", "pacs stored 1"], await world.QueryAsync<string>(StatesSql));
    }

    [Fact]
    public async Task A_delivery_whose_process_died_is_sent_again_as_the_same_object()
    {
        await using var world = await DraftedAsync();
        var store = world.Get<DeliveryStore>();
        var old = Assert.IsType<DeliveryClaim>(await store.TryClaimAsync("pacs", "old", CancellationToken.None));
        Assert.Null(await store.TryClaimAsync("pacs", "old", CancellationToken.None));
        await world.Database.ExecuteAsync("update delivery set lease_until = now() - interval '1 s'");
        await world.DeliverAsync();

        Assert.False(await store.TryStoreAsync(old, null, false, CancellationToken.None));
        Assert.Null(await store.TryFailAsync(old, new SendOutcome.Failed("x", "x", IsTransient: true), isTransient: true, CancellationToken.None));
        Assert.Equal(old.Document, Assert.Single(world.Pacs.Received).Document);
        Assert.Equal("pacs stored 2", Assert.Single(await world.QueryAsync<string>(StatesSql)));
    }

    [Fact]
    public async Task A_destination_that_left_the_settings_waits_and_fails_loudly_after_a_week()
    {
        await using var world = await DraftedAsync();
        Assert.Equal(0, await world.Get<DeliveryStore>().FailOrphansAsync(["other"], CancellationToken.None));
        Assert.Equal(1, await world.Get<DeliveryStore>().CountOrphansAsync(["other"], CancellationToken.None));
        await world.Database.ExecuteAsync("update delivery set created_at = now() - interval '8 days'");
        Assert.Equal(1, await world.Get<DeliveryStore>().FailOrphansAsync(["other"], CancellationToken.None));
        Assert.Equal("delivery.failed delivery.destination-unknown", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task What_waits_for_a_destination_that_left_the_settings_is_looked_for_again_while_the_service_runs()
    {
        var time = new MovedTime();
        await using var world = await DraftedAsync(time: time);
        await world.Database.ExecuteAsync("update delivery set destination = 'gone'");
        await world.LookForOrphansAsync();
        await world.Database.ExecuteAsync("update delivery set created_at = now() - interval '8 days'");
        time.By = DeliveryService.OrphanPeriod - TimeSpan.FromMinutes(10);
        await world.LookForOrphansAsync();
        var soon = Assert.Single(await world.QueryAsync<string>(StatesSql));
        time.By = DeliveryService.OrphanPeriod;
        await world.LookForOrphansAsync();

        Assert.Equal(("gone pending 0", "gone failed 0"), (soon, Assert.Single(await world.QueryAsync<string>(StatesSql))));
        Assert.Equal("delivery.failed delivery.destination-unknown", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task A_duplicate_answer_to_a_second_attempt_means_that_the_first_got_through()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.timeout", "", IsTransient: true);
        await world.DeliverAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.status", "status 0111", IsTransient: false) { Status = 0x0111 };
        await world.HurryAsync();
        await world.DeliverAsync();

        Assert.Equal("pacs stored 2", Assert.Single(await world.QueryAsync<string>(StatesSql)));
    }

    /// <summary>As after a restored dump, which knows nothing of the attempt that got through.</summary>
    [Fact]
    public async Task A_duplicate_answer_to_the_first_attempt_means_it_too_and_stops_nothing()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.status", "status 0111", IsTransient: false) { Status = 0x0111 };
        await world.DeliverAsync();

        Assert.Equal("pacs stored 1", Assert.Single(await world.QueryAsync<string>(StatesSql)));
        Assert.Contains("delivery.stored delivery.warning", await world.AuditAsync());
        Assert.Empty(await world.QueryAsync<string>("select destination from destination_stop"));
    }

    [Fact]
    public async Task A_destination_that_takes_nothing_for_a_week_is_given_up()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "", IsTransient: true);
        await world.Database.ExecuteAsync("update delivery set created_at = now() - interval '8 days'");
        await world.DeliverAsync();

        Assert.Equal("pacs failed 1", Assert.Single(await world.QueryAsync<string>(StatesSql)));
    }

    /// <summary>After a day there are thousands; each attempt of each would leave its rows in the audit.</summary>
    [Fact]
    public async Task Of_all_that_wait_for_a_PACS_that_is_away_one_is_tried_at_a_time()
    {
        await using var world = await DraftedAsync();
        foreach (var identity in (string[])["b", "c", "d"])
        {
            await world.PushAsync(new CtSeriesBuilder { Identity = identity });
        }

        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await world.DeliverAsync();
        Assert.Equal(["pacs pending 0", "pacs pending 0", "pacs pending 0", "pacs pending 1"], (await world.QueryAsync<string>(StatesSql)).Order());

        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.HurryAsync();
        await world.DeliverAsync();
        Assert.All(await world.QueryAsync<string>("select state from delivery"), state => Assert.Equal("stored", state));
    }

    [Fact]
    public async Task Reports_that_failed_together_are_not_due_together()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.status", "A700", IsTransient: true) { Status = 0xA700 };
        var delays = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            await world.Database.ExecuteAsync("update delivery set attempt = 20");
            await world.HurryAsync();
            var before = await world.Database.ScalarAsync<DateTime>("select clock_timestamp()");
            await world.DeliverAsync();
            delays.Add((await world.Database.ScalarAsync<DateTime>("select not_before from delivery") - before).TotalSeconds);
        }

        // five minutes, of which chance takes up to a quarter off; the attempt itself takes its time too
        Assert.All(delays, delay => Assert.InRange(delay, 224, 300 + HostWorld.Deadline.TotalSeconds));
        Assert.True(delays.Max() - delays.Min() > 10, $"{delays.Min():F1} to {delays.Max():F1} s");
    }

    private static async Task<ServiceWorld> DraftedAsync(Action<WorkerSettings>? change = null, TimeProvider? time = null)
    {
        var world = await ServiceWorld.CreateAsync(change, time: time);
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        return world;
    }

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(By.TotalSeconds * TimestampFrequency);
    }
}
