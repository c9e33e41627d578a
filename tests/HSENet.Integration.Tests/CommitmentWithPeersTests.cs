using FellowOakDicom.Network;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Commitment;
using Microsoft.Extensions.DependencyInjection;

namespace HSENet.Integration.Tests;

/// <summary>Storage commitment of reports over the wire, with a PACS that answers in odd orders.</summary>
public sealed class CommitmentWithPeersTests : IDisposable
{
    private readonly IDicomServer _pacs;
    private readonly PacsScript _script;

    public CommitmentWithPeersTests() => (_pacs, _script) = ScriptedPacs.Start();

    public void Dispose() => _pacs.Dispose();

    [Fact]
    public async Task A_result_before_the_response_on_the_same_association()
    {
        _script.BeforeResponse = async (service, request) =>
        {
            await service.ReportAsync(PacsScript.Report(request));
            await AnsweredAsync(1);
            return DicomStatus.Success;
        };
        await using var world = await StartAsync();
        await PushAsync(world);

        await world.UntilAsync("select state from delivery", "committed");
        Assert.Equal([(ushort)0], _script.Answers);
        Assert.Single(_script.Asked);
    }

    [Fact]
    public async Task A_result_after_the_response_on_the_same_association()
    {
        _script.AfterResponse = (service, request) => service.ReportAsync(PacsScript.Report(request));
        await using var world = await StartAsync();
        await PushAsync(world);

        await world.UntilAsync("select state from delivery", "committed");
        await AnsweredAsync(1);
        Assert.Equal([(ushort)0], _script.Answers);
    }

    [Fact]
    public async Task A_result_told_twice_on_reversed_associations_after_a_restart()
    {
        await using var world = await StartAsync();
        await PushAsync(world);
        await world.UntilAsync("select string_agg(state, ' ') from commitment", "asked");
        await world.RestartAsync();
        for (var i = 0; i < 2; i++)
            await _script.CallAsync(world.Ingest.Port, PacsScript.Report(_script.Asked.First()), withRoles: i == 0);

        Assert.Equal([(ushort)0, (ushort)0], _script.Answers);
        await world.UntilAsync("select state from delivery", "committed");
        Assert.Single(_script.Asked);
        Assert.Single(await world.AuditAsync(), e => e == "commitment.committed");
    }

    [Fact]
    public async Task A_report_that_was_lost_is_sent_again_and_then_committed()
    {
        _script.AfterResponse = (service, request) => service.ReportAsync(PacsScript.Report(request, _script.Stored.Count == 1 ? (ushort)0x0112 : null));
        await using var world = await StartAsync();
        await PushAsync(world);

        await world.UntilAsync("select state from delivery", "committed");
        Assert.Equal(2, _script.Stored.Count);
        Assert.Single(_script.Stored.Distinct());
        await world.UntilAsync("select string_agg(state, ' ' order by round) from commitment", "refused committed");
    }

    [Fact]
    public async Task A_peer_that_never_answers_is_asked_again_with_another_transaction()
    {
        await using var world = await StartAsync(new CommitmentTiming { Wait = TimeSpan.FromMilliseconds(300) });
        await PushAsync(world);
        await Until.TrueAsync(() => _script.Asked.Count >= 2, HostWorld.Deadline, "it is asked again");
        await _script.CallAsync(world.Ingest.Port, PacsScript.Report(_script.Asked.First()));

        await world.UntilAsync("select state from delivery", "committed");
    }

    [Fact]
    public async Task A_result_about_somebody_elses_transaction_is_answered()
    {
        await using var world = await StartAsync();
        await PushAsync(world);
        await world.UntilAsync("select string_agg(state, ' ') from commitment", "asked");
        var report = PacsScript.Report(_script.Asked.First());
        report.Dataset!.AddOrUpdate(FellowOakDicom.DicomTag.TransactionUID, "1.2.3.4");
        await _script.CallAsync(world.Ingest.Port, report);

        Assert.Equal([(ushort)0x0115], _script.Answers);
        Assert.Equal("stored", await world.Database.ScalarAsync<string>("select state from delivery"));
    }

    [Fact]
    public async Task A_sender_that_waits_on_its_association_is_told_there()
    {
        await using var world = await StartAsync();
        await PushAsync(world);
        var uid = Assert.Single((await world.QueryAsync<string>("select sop_instance_uid from instance order by instance_number")).Take(1));
        var waiting = new RemoteNode("127.0.0.1", world.Ingest.Port, "HSENET", "PACS");
        var results = new WaitingSender();
        var failed = await CommitmentScu.RequestAsync(
            waiting, "1.2.9", [new("1.2.840.10008.5.1.4.1.1.2", uid)], results, TestContext.Current.CancellationToken);

        Assert.Null(failed);
        await world.UntilAsync("select state from commitment_request", "reported");
        Assert.Equal("same association", await world.Database.ScalarAsync<string>("select details::jsonb->>'answer' from audit.event where event = 'commitment.reported'"));
        Assert.Equal(uid, Assert.Single(Assert.Single(results.Results).Committed).SopInstanceUid);
    }

    private Task AnsweredAsync(int count) => Until.TrueAsync(() => _script.Answers.Count >= count, HostWorld.Deadline, "the answer to the report");

    private static async Task PushAsync(HostWorld world) => (await Dcmtk.StoreAsync(world.Ingest.Port, "HSENET", world.Series)).Succeeded();

    private Task<HostWorld> StartAsync(CommitmentTiming? timing = null) => HostWorld.StartAsync(
        services => services.AddSingleton(timing ?? new CommitmentTiming { Pause = TimeSpan.FromMilliseconds(200) }),
        "Destinations:0:Name=pacs", "Destinations:0:AeTitle=PACS", "Destinations:0:Host=127.0.0.1", $"Destinations:0:Port={_pacs.Port}",
        "Destinations:0:StorageCommitment=true");

    private sealed class WaitingSender : ICommitmentReceiver
    {
        public List<CommitmentResult> Results { get; } = [];

        public ValueTask<CommitmentReply> OnRequestAsync(
            CommitmentRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<CommitmentReply> OnResultAsync(
            CommitmentResult result, CancellationToken cancellationToken)
        {
            Results.Add(result);
            return new(CommitmentReply.Success);
        }
    }
}
