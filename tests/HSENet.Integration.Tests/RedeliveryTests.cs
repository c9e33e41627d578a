using System.Text.Json;
using FellowOakDicom.Network;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Commitment;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

/// <summary>Reports that were given up, and the operator who sends them again. Rows are made older instead of waiting for a week.</summary>
public sealed class RedeliveryTests
{
    private const string StatesSql = "select destination || ' ' || state || ' ' || attempt || coalesce(' ' || error_code, '') from delivery order by destination";
    private const string Week = "update delivery set created_at = created_at - interval '8 days', stored_at = stored_at - interval '8 days'";

    [Fact]
    public async Task A_report_that_was_given_up_while_the_PACS_was_away_arrives_once_after_a_retry()
    {
        var port = FreePort.Next();
        await using var world = await DraftedAsync(s => s.Destinations[0].Port = port, new StoreScuSender());
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        await TryToDeliverAsync(world);
        await world.Database.ExecuteAsync(Week);
        await TryToDeliverAsync(world);
        Assert.Equal(["pacs failed 2 delivery.unreachable"], await world.QueryAsync<string>(StatesSql));
        await TryToDeliverAsync(world);
        Assert.Equal(["pacs failed 2 delivery.unreachable"], await world.QueryAsync<string>(StatesSql));

        var retried = await WorkAsync(world, "retry", $"{jobId}");
        Assert.Equal((0, $"{jobId} drafted, sent again to pacs\n"), (retried.ExitCode, retried.Output));
        Assert.Equal(["pacs pending 1"], await world.QueryAsync<string>(StatesSql));
        Assert.Equal("delivery.restarted operator", (await world.AuditAsync())[^1]);
        Assert.Equal(
            $"user:{Environment.UserName} pacs delivery.unreachable true",
            Assert.Single(await world.QueryAsync<string>(
                """
                select actor || ' ' || destination || ' ' || (details::jsonb->>'after') || ' ' || (sop_instance_uid = (select sop_instance_uid from draft))
                  from audit.event where event = 'delivery.restarted'
                """)));

        // still away: that is not the end again
        await TryToDeliverAsync(world);
        Assert.Equal(["pacs pending 2 delivery.unreachable"], await world.QueryAsync<string>(StatesSql));
        var script = new PacsScript();
        using var pacs = DicomServerFactory.Create<ScriptedPacs>("127.0.0.1", port, userState: script);
        await TryToDeliverAsync(world);
        await TryToDeliverAsync(world);

        Assert.Equal(["pacs stored 3"], await world.QueryAsync<string>(StatesSql));
        Assert.Equal(await world.QueryAsync<string>("select sop_instance_uid from draft"), script.Stored);
        var again = await WorkAsync(world, "retry", $"{jobId}");
        Assert.Equal((1, $"error jobs.state: job {jobId} is drafted\n"), (again.ExitCode, again.Error));
    }

    [Fact]
    public async Task Only_what_failed_is_sent_again_and_an_object_that_is_there_already_counts_as_stored()
    {
        await using var world = await DraftedAsync(s => s.Destinations.Add(new DestinationOptions { Name = "archive", AeTitle = "ARCHIVE", Host = "127.0.0.1" }));
        await world.DeliverAsync("archive");
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.status", "status C000", IsTransient: false) { Status = 0xC000 };
        await world.DeliverAsync();
        Assert.Equal(["archive stored 1", "pacs failed 1 delivery.status"], await world.QueryAsync<string>(StatesSql));

        Assert.Equal(["pacs"], await RestartAsync(world));
        Assert.Equal(["archive stored 1", "pacs pending 1"], await world.QueryAsync<string>(StatesSql));
        Assert.Empty(await RestartAsync(world));
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.status", "status 0111", IsTransient: false) { Status = 0x0111 };
        await world.DeliverAsync();

        Assert.Equal(["archive stored 1", "pacs stored 2"], await world.QueryAsync<string>(StatesSql));
        Assert.Single(await world.AuditAsync(), e => e.StartsWith("delivery.restarted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_tells_which_reports_did_not_arrive()
    {
        await using var world = await DraftedAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.status", "status C000", IsTransient: false) { Status = 0xC000 };
        await world.DeliverAsync();
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.PushAsync(new CtSeriesBuilder { Identity = "b" });
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();

        var all = await WorkAsync(world, "list");
        Assert.Equal(
            [false, false, true], all.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.EndsWith(" not at pacs", StringComparison.Ordinal)));
        var line = Assert.Single((await WorkAsync(world, "list", "--delivery", "failed", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var job = JsonDocument.Parse(line).RootElement;
        Assert.Equal("pacs", Assert.Single(job.GetProperty("failed_deliveries").EnumerateArray()).GetString());
        Assert.Equal("drafted", job.GetProperty("state").GetString());
        Assert.Equal(await world.QueryAsync<Guid>("select job_id from delivery where state = 'failed'"), [job.GetProperty("job_id").GetGuid()]);
    }

    [Fact]
    public async Task A_report_whose_storage_commitment_was_given_up_is_sent_and_asked_about_again()
    {
        await using var world = await DraftedAsync(s => s.Destinations[0].StorageCommitment = true);
        await world.DeliverAsync();
        await world.AskAsync();
        await world.Database.ExecuteAsync(Week);
        await world.AskAsync();
        Assert.Equal(["pacs failed 1 commitment.no-answer"], await world.QueryAsync<string>(StatesSql));

        Assert.Equal(["pacs"], await RestartAsync(world));
        await TryToDeliverAsync(world);
        await world.AskAsync();
        Assert.Equal(["pacs stored 2"], await world.QueryAsync<string>(StatesSql));
        await AnswerAsync(world, reason: 0x0112);
        Assert.Equal(["pacs pending 2 commitment.refused"], await world.QueryAsync<string>(StatesSql));
        await TryToDeliverAsync(world);
        await world.AskAsync();
        await AnswerAsync(world, reason: null);

        Assert.Equal(["pacs committed 3"], await world.QueryAsync<string>(StatesSql));
        Assert.Equal(3, world.Pacs.Received.Count);
    }

    [Fact]
    public async Task A_report_for_a_destination_that_is_not_configured_has_another_week()
    {
        await using var world = await DraftedAsync();
        await world.Database.ExecuteAsync(Week);
        Assert.Equal(1, await world.Get<DeliveryStore>().FailOrphansAsync(["other"], CancellationToken.None));
        Assert.Equal(["pacs"], await RestartAsync(world));
        Assert.Equal(0, await world.Get<DeliveryStore>().FailOrphansAsync(["other"], CancellationToken.None));

        // it was never sent: an object of this UID that is there is not ours
        Assert.Equal(["pacs pending 0"], await world.QueryAsync<string>(StatesSql));
    }

    private static async Task<IReadOnlyList<string>> RestartAsync(ServiceWorld world)
    {
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        return await new OperatorDeliveryStore(world.Get<Database>(), "user:tester").RestartAsync(jobId, "operator", CancellationToken.None);
    }

    private static async Task TryToDeliverAsync(ServiceWorld world)
    {
        await world.HurryAsync();
        await world.DeliverAsync();
    }

    private static async Task AnswerAsync(ServiceWorld world, ushort? reason)
    {
        var (_, transaction, reference) = world.Peers.Asked[^1];
        await world.Get<ICommitmentReceiver>().OnResultAsync(
            reason is null ? new(transaction, [reference], []) : new(transaction, [], [new CommitmentFailure(reference, reason.Value)]), CancellationToken.None);
    }

    private static Task<ToolResult> WorkAsync(ServiceWorld world, params string[] arguments) => WorkerProcess.RunAsync(
        ["jobs", .. arguments], HostWorld.Deadline, new Dictionary<string, string?> { ["Database:ConnectionString"] = world.Settings.Database.ConnectionString });

    private static async Task<ServiceWorld> DraftedAsync(Action<WorkerSettings>? change = null, IReportSender? sender = null)
    {
        var world = await ServiceWorld.CreateAsync(change, sender);
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        return world;
    }
}
