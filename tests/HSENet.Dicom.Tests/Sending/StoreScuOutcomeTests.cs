using HSENet.Dicom.Receiving;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Tests.Guarding;
using HSENet.Dicom.Tests.Receiving;

namespace HSENet.Dicom.Tests.Sending;

/// <summary>Each outcome, with our own SCP answering as told.</summary>
[Trait(SharedProtection.Trait, SharedProtection.Shared)]
public sealed class StoreScuOutcomeTests
{
    private static readonly ScuLimits ShortLimits = new()
    {
        Connect = TimeSpan.FromSeconds(1),
        Associate = TimeSpan.FromSeconds(1),
        Response = TimeSpan.FromSeconds(1),
    };

    [Theory]
    [InlineData(0xB000)]
    [InlineData(0xB006)]
    [InlineData(0xB007)]
    public async Task A_warning_is_kept_apart_from_success(ushort status)
    {
        Assert.Equal(new SendOutcome.StoredWithWarning(status) { Answer = new(DimseStatus.Of(status)) }, await OutcomeAsync(status));
    }

    [Theory]
    [InlineData(0xA700, true)]
    [InlineData(0xA701, true)]
    [InlineData(0xA900, false)]
    [InlineData(0xC000, false)]
    [InlineData(0x0110, true)]
    [InlineData(0x0213, true)]
    [InlineData(0x0111, false)]
    [InlineData(0x0124, false)]
    public async Task A_failure_status_is_worth_another_try_only_when_it_tells_of_the_peers_own_state(ushort status, bool isTransient)
    {
        var answer = new PeerAnswer(DimseStatus.Of(status));
        Assert.Equal(new SendOutcome.Failed("delivery.status", $"status {answer.Status}", isTransient) { Status = status, Answer = answer }, await OutcomeAsync(status));
    }

    [Fact]
    public async Task What_the_peer_says_to_its_refusal_comes_back_without_the_patient()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = (_, _) => new(new StoreReply(0xC001, "patient TEST-1 is locked"));
        var failed = Assert.IsType<SendOutcome.Failed>(Assert.Single(await StoreScu.SendAsync(Node(world), [SampleReport.Create()], null, CancellationToken.None)));
        Assert.Equal("status C001 Cannot Understand, \"patient *** is locked\"", failed.Detail);
    }

    [Fact]
    public async Task Each_file_has_its_own_outcome_in_order()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = (incoming, _) => new(incoming.SopInstanceUid == "1.2.2" ? new StoreReply(0xC000) : StoreReply.Success);

        var outcomes = await StoreScu.SendAsync(
            Node(world), [SampleReport.Create("1.2.1"), SampleReport.Create("1.2.2"), SampleReport.Create("1.2.3")], null, CancellationToken.None);

        Assert.IsType<SendOutcome.Stored>(outcomes[0]);
        Assert.IsType<SendOutcome.Failed>(outcomes[1]);
        Assert.IsType<SendOutcome.Stored>(outcomes[2]);
        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
        Assert.Equal("HSENET_SCU", Assert.Single(world.Receiver.Associations).CallingAe);
    }

    [Theory]
    [InlineData(1, 1, 7, false)]
    [InlineData(1, 1, 3, false)]
    [InlineData(2, 3, 1, true)]
    [InlineData(2, 3, 2, true)]
    public async Task A_rejection_is_transient_when_the_peer_says_so(int result, int source, int reason, bool isTransient)
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Judge = _ => new AssociationVerdict.Reject(result, source, reason);

        var outcome = Assert.Single(await StoreScu.SendAsync(Node(world), [SampleReport.Create()], null, CancellationToken.None));
        var echo = await StoreScu.EchoAsync(Node(world), CancellationToken.None);

        var failed = Assert.IsType<SendOutcome.Failed>(outcome);
        Assert.Equal("delivery.rejected", failed.Code);
        Assert.Equal(isTransient, failed.IsTransient);
        Assert.Equal(failed, echo);
    }

    [Fact]
    public async Task A_SOP_class_the_peer_does_not_take_is_refused_for_that_file_only()
    {
        await using var world = ScpWorld.Start();

        var outcomes = await StoreScu.SendAsync(
            Node(world), [SampleReport.Create("1.2.1", "1.2.840.10008.5.1.4.1.1.4"), SampleReport.Create("1.2.2")], null, CancellationToken.None);

        var failed = Assert.IsType<SendOutcome.Failed>(outcomes[0]);
        Assert.Equal("delivery.refused-context", failed.Code);
        Assert.False(failed.IsTransient);
        Assert.Contains("1.2.840.10008.5.1.4.1.1.4", failed.Detail, StringComparison.Ordinal);
        Assert.IsType<SendOutcome.Stored>(outcomes[1]);
    }

    [Fact]
    public async Task No_context_at_all_is_a_refusal_too()
    {
        await using var world = ScpWorld.Start();

        var outcome = Assert.Single(await StoreScu.SendAsync(
            Node(world), [SampleReport.Create("1.2.1", "1.2.840.10008.5.1.4.1.1.4")], null, CancellationToken.None));

        Assert.Equal("delivery.refused-context", Assert.IsType<SendOutcome.Failed>(outcome).Code);
    }

    [Fact]
    public async Task A_response_that_does_not_come_ends_the_association_and_nothing_more_is_sent_on_it()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return StoreReply.Success;
        };

        var outcomes = await StoreScu.SendAsync(
            Node(world), [SampleReport.Create("1.2.1"), SampleReport.Create("1.2.2")], null, ShortLimits, CancellationToken.None);

        Assert.All(outcomes, outcome =>
        {
            var failed = Assert.IsType<SendOutcome.Failed>(outcome);
            Assert.Equal("delivery.timeout", failed.Code);
            Assert.True(failed.IsTransient);
        });
        await world.Scp.StopAsync(TimeSpan.Zero);
        Assert.DoesNotContain(world.Receiver.Dropped, incoming => incoming.SopInstanceUid == "1.2.2");
        Assert.Single(world.Receiver.Associations);
    }

    [Fact]
    public async Task A_peer_that_never_answers_the_association_request_is_given_up()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var node = new RemoteNode("127.0.0.1", ((System.Net.IPEndPoint)listener.LocalEndpoint).Port, "SILENT", "HSENET_SCU");

        var outcome = Assert.Single(await StoreScu.SendAsync(node, [SampleReport.Create()], null, ShortLimits, CancellationToken.None));

        Assert.Equal("delivery.timeout", Assert.IsType<SendOutcome.Failed>(outcome).Code);
    }

    [Fact]
    public async Task A_peer_that_hangs_up_is_no_success()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var node = new RemoteNode("127.0.0.1", ((System.Net.IPEndPoint)listener.LocalEndpoint).Port, "RUDE", "HSENET_SCU");
        var sending = StoreScu.SendAsync(node, [SampleReport.Create()], null, CancellationToken.None);
        (await listener.AcceptTcpClientAsync()).Dispose();

        var failed = Assert.IsType<SendOutcome.Failed>(Assert.Single(await sending));

        Assert.True(failed.IsTransient);
        Assert.Contains(failed.Code, (string[])["delivery.unreachable", "delivery.aborted"]);
    }

    [Fact]
    public async Task Cancelling_aborts_and_throws()
    {
        await using var world = ScpWorld.Start();
        using var cancel = new CancellationTokenSource();
        world.Receiver.Complete = async (_, cancellationToken) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return StoreReply.Success;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StoreScu.SendAsync(Node(world), [SampleReport.Create()], null, cancel.Token));
    }

    [Fact]
    public async Task Nothing_to_send_needs_no_association()
    {
        Assert.Empty(await StoreScu.SendAsync(new RemoteNode("127.0.0.1", 1, "A", "B"), [], null, CancellationToken.None));
    }

    private static async Task<SendOutcome> OutcomeAsync(ushort status)
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = (_, _) => new(new StoreReply(status));
        return Assert.Single(await StoreScu.SendAsync(Node(world), [SampleReport.Create()], null, CancellationToken.None));
    }

    private static RemoteNode Node(ScpWorld world) => new("127.0.0.1", world.Port, "HSENET", "HSENET_SCU");
}
