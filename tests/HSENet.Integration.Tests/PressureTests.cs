using System.Diagnostics;
using System.Text.Json;
using Dapper;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;
using HSENet.Worker.Delivery;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using Npgsql;

namespace HSENet.Integration.Tests;

/// <summary>A night's backlog must not slow what comes in: numbers of rows that are looked at, which are the same on every machine, and one generous ratio of times.</summary>
public sealed class PressureTests
{
    private const int Many = 10_000;
    private const int Window = 8;

    /// <summary>Of 128 places one caller that is alone gets a third: it may not have more than half of what is left.</summary>
    private const int PlacesOfOne = 43;

    [Fact]
    public async Task Ten_thousand_waiting_jobs_are_not_looked_at_to_send_the_next_few()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await FillAsync(world, 50);
        var (few, fewTime) = (await RowsReadAsync(world, isStat: false), await DispatchTimeAsync(world));
        await FillAsync(world, Many);
        var (many, stat, manyTime) = (await RowsReadAsync(world, isStat: false), await RowsReadAsync(world, isStat: true), await DispatchTimeAsync(world));

        // with few rows it is cheapest to read them all, and again for each one's predecessor; with many it is not
        Assert.True(few >= Window, $"{few} rows read with few waiting");
        Assert.True(many is >= Window and <= 10 * Window, $"{many} rows read with {Many} waiting");
        Assert.True(stat <= Window, $"{stat} rows read to find that no STAT work waits");
        Assert.True(manyTime < 10 * fewTime, $"{manyTime.TotalMilliseconds:F1} ms with {Many} waiting, {fewTime.TotalMilliseconds:F1} ms with few");
        TestContext.Current.TestOutputHelper?.WriteLine($"rows {few} -> {many}, STAT {stat}; {fewTime.TotalMilliseconds:F1} -> {manyTime.TotalMilliseconds:F1} ms");
    }

    [Fact]
    public async Task Ten_thousand_waiting_jobs_are_not_looked_at_to_find_that_no_STAT_work_waits()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await FillAsync(world, Many);
        var rows = await RowsReadAsync(world, JobStore.StatWaitingSql, new { }, "job");
        Assert.True(rows <= Window, $"{rows} rows read");

        // the service's connections prepare what they repeat: with a parameter the plan is one for any priority, which reads all that waits (2.3 ms with 10,000 instead of 0.05)
        Assert.DoesNotContain('@', JobStore.StatWaitingSql);
    }

    /// <summary>A PACS that is back after a day, and one of which all but the newest report are still to wait.</summary>
    [Theory]
    [InlineData("interval '-1 hour'")]
    [InlineData("case when n < 10000 then interval '1 hour' else interval '-1 hour' end")]
    public async Task Ten_thousand_waiting_reports_are_not_looked_at_to_send_the_next_one(string due)
    {
        await using var world = await ServiceWorld.CreateAsync();
        await FillAsync(world, Many);
        await world.Database.ExecuteAsync($"""
            insert into delivery(delivery_id, job_id, destination, state, not_before, created_at)
            select gen_random_uuid(), job_id, 'pacs', 'pending', now() + {due}, now() - make_interval(secs => n) from (select job_id, row_number() over () as n from job) j;
            analyze delivery;
            """);
        var rows = await RowsReadAsync(world, DeliveryStore.ClaimSql, new { destination = "pacs", owner = "test", Lease = TimeSpan.FromMinutes(1), preferred = "basic" }, "delivery");
        Assert.True(rows is >= 1 and <= 4, $"{rows} rows read");
    }

    [Fact]
    public async Task Past_the_limit_a_sender_is_told_to_come_back_and_is_taken_when_another_has_gone()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var senders = new List<Sender>();
        do
            senders.Add(await world.ConnectAsync());
        while (senders[^1].Verdict is AssociationVerdict.Accept);

        // PS3.8 table 9-21: rejected-transient, service provider (presentation), local limit exceeded
        Assert.Equal((PlacesOfOne + 1, new AssociationVerdict.Reject(2, 3, 2)), (senders.Count, senders[^1].Verdict));
        Assert.Equal("association.refused association.limit", (await world.AuditAsync())[^1]);
        Assert.IsType<AssociationVerdict.Accept>((await world.ConnectAsync("CT2", "127.0.0.2")).Verdict);
        Assert.Equal(new AssociationVerdict.Reject(2, 3, 2), (await world.ConnectAsync("CT1", "127.0.0.3")).Verdict);
        Assert.Equal(new AssociationVerdict.Reject(2, 3, 2), (await world.ConnectAsync("CT3")).Verdict);
        await senders[0].EndAsync();
        Assert.IsType<AssociationVerdict.Accept>((await world.ConnectAsync()).Verdict);
    }

    [Fact]
    public async Task Of_those_that_ask_at_the_same_moment_no_more_are_taken_than_there_are_places()
    {
        await using var world = await ServiceWorld.CreateAsync();
        List<Task<Sender>> asking;

        // none of them can be entered, so each asks before any other has its row
        await using (await HeldTable.HoldAsync(world.Database, "association"))
            asking = [.. Enumerable.Range(0, 72).Select(_ => world.ConnectAsync())];
        var senders = await Task.WhenAll(asking);

        Assert.Equal(PlacesOfOne, senders.Count(s => s.Verdict is AssociationVerdict.Accept));
        Assert.All(senders.Where(s => s.Verdict is not AssociationVerdict.Accept), s => Assert.Equal(new AssociationVerdict.Reject(2, 3, 2), s.Verdict));
        Assert.Equal(PlacesOfOne, world.Get<InstanceReceiver>().OpenCount);
    }

    [Fact]
    public async Task An_association_that_could_not_be_entered_keeps_no_place()
    {
        await using var world = await ServiceWorld.CreateAsync();
        for (var i = 0; i < PlacesOfOne - 1; i++)
            Assert.IsType<AssociationVerdict.Accept>((await world.ConnectAsync()).Verdict);
        await world.Database.ExecuteAsync("alter table association rename to away");
        for (var i = 0; i < 3; i++)
            Assert.Equal(new AssociationVerdict.Reject(2, 3, 1), (await world.ConnectAsync()).Verdict);
        await world.Database.ExecuteAsync("alter table away rename to association");

        Assert.IsType<AssociationVerdict.Accept>((await world.ConnectAsync()).Verdict);
        Assert.Equal(new AssociationVerdict.Reject(2, 3, 2), (await world.ConnectAsync()).Verdict);
    }

    private static Task FillAsync(ServiceWorld world, int count) => world.Database.ExecuteAsync($"""
        with s as (
            insert into series(series_key, study_uid, series_uid, state, source_ae, closed_at)
            select gen_random_uuid(), '2.25.' || n, '2.25.1.' || n, 'closed', 'CT1', now() from generate_series(1, {count}) n returning series_key)
        insert into job(job_id, series_key, series_revision, content_hash, is_partial, route, mode, model, priority, destinations, state)
        select gen_random_uuid(), series_key, 1, series_key::text, false, 'default', 'draft', 'Demo', 1, array[]::text[], 'ready' from s;
        analyze job;
        """);

    /// <summary>Median of 21 dispatches, each of a full window that is taken back afterwards.</summary>
    private static async Task<TimeSpan> DispatchTimeAsync(ServiceWorld world)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 21; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(Window, await world.Get<JobDispatchStore>().DispatchAsync(world.Queue, CancellationToken.None));
            times.Add(Stopwatch.GetElapsedTime(begun));
            await world.Database.ExecuteAsync("update job set state = 'ready' where state = 'queued'");
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    /// <summary>Rows of the job table that the database reads for the selection, also those that it throws away.</summary>
    private static Task<double> RowsReadAsync(ServiceWorld world, bool isStat) =>
        RowsReadAsync(world, JobDispatchStore.SelectSql(Window), JobDispatchStore.Window(Window, isStat), "job");

    private static async Task<double> RowsReadAsync(ServiceWorld world, string sql, object parameters, string table)
    {
        await using var connection = new NpgsqlConnection(world.Database.OwnerConnectionString);
        var plan = await connection.ExecuteScalarAsync<string>($"explain (analyze, format json) {sql}", parameters);
        using var document = JsonDocument.Parse(plan!);
        return Rows(document.RootElement[0].GetProperty("Plan"), table);
    }

    private static double Rows(JsonElement node, string table)
    {
        var isJob = node.TryGetProperty("Relation Name", out var relation) && relation.GetString() == table;
        var loops = node.GetProperty("Actual Loops").GetDouble();
        var removed = node.TryGetProperty("Rows Removed by Filter", out var filtered) ? filtered.GetDouble() : 0;
        var own = isJob ? loops * (node.GetProperty("Actual Rows").GetDouble() + removed) : 0;
        return own + (node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().Sum(child => Rows(child, table)) : 0);
    }
}
