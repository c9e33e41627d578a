using System.Net;
using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker;
using HSENet.Worker.Commands;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Web;
using Microsoft.Extensions.DependencyInjection;

namespace HSENet.Integration.Tests;

/// <summary>Tests that run while no other does: meters of one name are one metric for the whole process, and one that another host disposes of is gone.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
#pragma warning disable CA1711 // the framework's word
public sealed class AloneCollection;
#pragma warning restore CA1711

/// <summary>What a monitoring system sees of the running service, over HTTP.</summary>
[Collection(nameof(AloneCollection))]
public sealed class OutsideTests
{
    private static readonly string[] Pacs = ["Destinations:0:Name=pacs", "Destinations:0:AeTitle=PACS", "Destinations:0:Host=127.0.0.1"];

    [Fact]
    public async Task What_is_scraped_while_serving_tells_what_was_done()
    {
        await using var pacs = await StoreScpProcess.StartAsync("PACS");
        await using var world = await HostWorld.StartAsync(null, [.. Pacs, $"Destinations:0:Port={pacs.Port}", "Destinations:1:Name=nobody", "Destinations:1:AeTitle=NOBODY", "Destinations:1:Host=127.0.0.1", "Destinations:1:Port=1"]);
        using var client = Client(world);
        (await Dcmtk.StoreAsync(world.Ingest.Port, "HSENET", world.Series)).Succeeded();
        Assert.NotEqual(0, (await Dcmtk.StoreAsync(world.Ingest.Port, "WRONG", world.Series)).ExitCode);
        await pacs.WaitForFilesAsync(1, HostWorld.Deadline);
        await world.UntilAsync("select string_agg(state, ' ' order by destination) from delivery where attempt > 0", "pending stored");
        PrometheusText? page = null;
        await Until.TrueAsync(
            async () =>
            {
                page = PrometheusText.Parse(await client.GetStringAsync("/metrics"));
                return page.Value("""hsenet_deliveries{destination="nobody",state="pending"}""") == 1
                    && page.Value("""hsenet_deliveries_attempted_total{destination="pacs",outcome="stored"}""") == 1;
            },
            HostWorld.Deadline,
            () => $"the counts are read; seen {string.Join(' ', page?.Metrics ?? [])}");

        Assert.Equal(12, page!.Value("""hsenet_instances_received_total{outcome="stored"}"""));
        Assert.True(page.Value("hsenet_instances_bytes_total") > 12 * 32 * 32 * 2);
        Assert.Equal(1, page.Value("""hsenet_refusals_total{reason="association.called-ae",what="association"}"""));
        Assert.Equal(1, page.Value("""hsenet_series_ended_total{outcome="closed"}"""));
        Assert.Equal(1, page.Value("""hsenet_jobs_ended_total{outcome="drafted"}"""));
        Assert.Equal(1, page.Value("""hsenet_report_turnaround_seconds_count{destination="pacs"}"""));
        Assert.Equal(1, page.Value("""hsenet_stage_duration_seconds_count{stage="read"}"""));
        Assert.Equal(0, page.Value("""hsenet_jobs{state="dead"}"""));
        Assert.Equal(0, page.Value("""hsenet_jobs_oldest_age_seconds{state="ready"}"""));
        Assert.Equal(0, page.Value("""hsenet_series_open{state="receiving"}"""));
        Assert.Equal(0, page.Value("hsenet_associations_open"));
        Assert.Equal(1 << 20, page.Value("hsenet_spool_minimum_bytes"));
        Assert.True(page.Value("hsenet_spool_free_bytes") > 1 << 20);
        Assert.Equal(1, page.Value("hsenet_models_loaded"));
        Assert.True(page.Value("hsenet_audit_rows_total") >= 8);
        Assert.True(page.Value("""hsenet_deliveries_oldest_age_seconds{destination="nobody",state="pending"}""") > 0);
        Assert.All(
            (string[])["service", "database", "broker", "spool", "destinations", "scp", "model"], d => Assert.Equal(1, page.Value($$"""hsenet_dependency_up{dependency="{{d}}"}""")));
    }

    [Theory]
    [InlineData("message.damaged", "Dicom:Sources:0:CommitmentPort=4242")]
    [InlineData("commitment.no-address", "Dicom:Sources:0:CommitmentPort=0")]
    public async Task A_request_for_storage_commitment_that_is_refused_is_counted(string reason, string port)
    {
        await using var world = await HostWorld.StartAsync(null, "Dicom:Sources:0:AeTitle=RAWPEER", "Dicom:Sources:0:Address=127.0.0.1", port);
        await using (var peer = await RawPeer.RequestAsync(world.Ingest.Port, [(RawPeer.StorageCommitment, [RawPeer.ImplicitLittleEndian])]))
        {
            Assert.Equal(0x02, (await peer.ReceivePduAsync()).Type);
            await peer.SendRequestAsync(1, 0x0130, RawPeer.StorageCommitment, [1, 2, 3]);
            Assert.Equal(0x0110, (await peer.ReceiveStatusAsync()).Status);
            await peer.ReleaseAsync();
        }

        using var client = Client(world);
        var page = PrometheusText.Parse(await client.GetStringAsync("/metrics"));
        Assert.Equal(1, page.Value($$"""hsenet_refusals_total{reason="{{reason}}",what="message"}"""));
    }

    [Fact]
    public async Task Ready_names_what_is_wrong_and_live_does_not_mind()
    {
        var disk = new StandInDisk();
        await using var world = await HostWorld.StartAsync(s => s.AddSingleton<IFreeSpace>(disk), Pacs);
        using var client = Client(world);
        Assert.Equal((HttpStatusCode.OK, "ready", "ok", null), await ReadyAsync(client, "spool"));
        disk.Available = 1000;
        await Until.TrueAsync(
            async () => await ReadyAsync(client, "spool") == (HttpStatusCode.ServiceUnavailable, "not-ready", "down", "spool.short"), HostWorld.Deadline, "the short disk is told");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        var setting = $"--HSENet:Web:Url={world.Get<WebServer>().Url}";
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Error, await Worker.Commands.CommandLine.RunAsync(["health", "ready", setting], TextWriter.Null, error));
        Assert.Equal("error service.not-ready: spool (spool.short)\n", error.ToString());
        Assert.Equal(ExitCode.Done, await Worker.Commands.CommandLine.RunAsync(["health", "live", setting], TextWriter.Null, error));
        disk.Available = long.MaxValue;
        await Until.TrueAsync(async () => (await ReadyAsync(client, "spool")).Status == "ready", HostWorld.Deadline, "it is ready again");
        Assert.Contains("hsenet_dependency_up", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_and_a_model_that_cannot_be_loaded_are_told_with_their_codes()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var models = world.Get<ModelShelf>();
        await Assert.ThrowsAsync<WorkerException>(() => models.WithAsync("nowhere", _ => Task.FromResult(true), CancellationToken.None));
        await using var away = new Database($"Host=127.0.0.1;Port={FreePort.Next()};Database=none;Username=nobody;Timeout=5");
        using var readiness = new Readiness(world.Settings, away, world.Disk, TimeProvider.System, models: models);
        var states = await readiness.LookAsync(CancellationToken.None);

        Assert.Equal(new DependencyState(DependencyLevel.Down, "database.unreachable"), states["database"]);
        Assert.Equal(("degraded", "model.missing", "Demo loaded"), (states["model"].State, states["model"].Code, states["model"].Detail));
        Assert.Equal(("down", "dicom.listen"), (states["scp"].State, states["scp"].Code));
    }

    [Fact]
    public async Task An_address_that_is_taken_stops_the_start()
    {
        await using var world = await HostWorld.StartAsync(null, Pacs);
        var taken = world.Get<WebServer>().Url!;
        var failure = await Assert.ThrowsAsync<WorkerException>(() => HostWorld.StartAsync(null, [.. Pacs, $"Web:Url={taken}"]));
        Assert.Equal("web.listen", failure.Code);
    }

    private static HttpClient Client(HostWorld world) => new() { BaseAddress = world.Get<WebServer>().Url };

    private static async Task<(HttpStatusCode Code, string Status, string State, string? Reason)> ReadyAsync(HttpClient client, string dependency)
    {
        using var answer = await client.GetAsync("/health/ready");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var one = body.RootElement.GetProperty("dependencies").GetProperty(dependency);
        return (answer.StatusCode, body.RootElement.GetProperty("status").GetString()!, one.GetProperty("state").GetString()!, one.GetProperty("code").GetString());
    }
}
