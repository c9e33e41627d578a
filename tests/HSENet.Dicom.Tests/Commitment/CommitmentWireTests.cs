using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Tests.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Commitment;

/// <summary>Storage commitment on the wire, both parties ours, and requests that are not in order.</summary>
public sealed class CommitmentWireTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly CommitmentReference First = new("1.2.840.10008.5.1.4.1.1.2", "1.2.3.1");
    private static readonly CommitmentReference Second = new("1.2.840.10008.5.1.4.1.1.2", "1.2.3.2");

    private readonly RecordingCommitment _acceptor = new();
    private readonly RecordingCommitment _requestor = new();
    private readonly ScpWorld _world;

    public CommitmentWireTests() => _world = ScpWorld.Start(o => o with { Commitment = _acceptor });

    private RemoteNode Node => new("127.0.0.1", _world.Port, "HSENET", "PACS");

    [Fact]
    public async Task A_request_arrives_whole()
    {
        Assert.Null(await CommitmentScu.RequestAsync(Node, "1.2.9", [First, Second], _requestor, TestContext.Current.CancellationToken));

        var request = Assert.Single(_acceptor.Requests);
        Assert.Equal(("PACS", "1.2.9"), (request.Association.CallingAe, request.TransactionUid));
        Assert.Equal([First, Second], request.References);
        Assert.Empty(_requestor.Results);
    }

    [Fact]
    public async Task A_result_comes_on_the_same_association_while_the_requestor_waits_there()
    {
        var asking = CommitmentScu.RequestAsync(Node, "1.2.9", [First, Second], _requestor, TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => !_acceptor.Requests.IsEmpty, Deadline, "the request");
        var association = _acceptor.Requests.First().Association.Id;
        var result = new CommitmentResult("1.2.9", [First], [new CommitmentFailure(Second, 0x0112)]);
        var taken = false;
        await Until.TrueAsync(
            async () => taken = await _world.Scp.TryReportAsync(association, result, TestContext.Current.CancellationToken), Deadline, "the result is taken");
        Assert.Null(await asking);

        AssertSame(result, Assert.Single(_requestor.Results));
        Assert.False(await _world.Scp.TryReportAsync(association, result, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_result_that_the_requestor_did_not_take_is_not_told_of_as_taken()
    {
        _requestor.Answer = () => new CommitmentReply(0x0110);
        var asking = CommitmentScu.RequestAsync(Node, "1.2.9", [First], _requestor, TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => !_acceptor.Requests.IsEmpty, Deadline, "the request");
        var association = _acceptor.Requests.First().Association.Id;
        await Until.TrueAsync(
            async () =>
            {
                Assert.False(await _world.Scp.TryReportAsync(association, new("1.2.9", [First], []), TestContext.Current.CancellationToken));
                return !_requestor.Results.IsEmpty;
            },
            Deadline,
            "the result was offered");
        Assert.Null(await asking);
    }

    [Fact]
    public async Task A_result_comes_on_a_reversed_association()
    {
        var result = new CommitmentResult("1.2.9", [First], [new CommitmentFailure(Second, 0x0119)]);
        Assert.Null(await CommitmentScu.ReportAsync(Node, result, TestContext.Current.CancellationToken));
        AssertSame(result, Assert.Single(_acceptor.Results));

        Assert.Null(await CommitmentScu.ReportAsync(Node, new("1.2.10", [First], []), TestContext.Current.CancellationToken));
        AssertSame(new("1.2.10", [First], []), _acceptor.Results.Last());
    }

    [Fact]
    public async Task What_the_receiver_says_is_answered_and_what_it_throws_is_a_processing_failure()
    {
        _acceptor.Answer = () => new CommitmentReply(0x0115, "no such transaction");
        var refused = await CommitmentScu.ReportAsync(Node, new("1.2.9", [First], []), TestContext.Current.CancellationToken);
        _acceptor.Answer = () => throw new InvalidOperationException("the database is away");
        var event110 = await CommitmentScu.ReportAsync(Node, new("1.2.9", [First], []), TestContext.Current.CancellationToken);
        var action110 = await CommitmentScu.RequestAsync(Node, "1.2.9", [First], _requestor, TestContext.Current.CancellationToken);

        Assert.Equal((ushort?)0x0115, refused?.Status);
        Assert.Equal((ushort?)0x0110, event110?.Status);
        Assert.Equal((ushort?)0x0110, action110?.Status);
        Assert.True(event110!.IsTransient);
    }

    public static TheoryData<string, ushort> Disorders => new()
    {
        { "no data set", 0x0115 },
        { "no transaction", 0x0115 },
        { "transaction is no UID", 0x0115 },
        { "no sequence", 0x0115 },
        { "empty sequence", 0x0115 },
        { "reference without instance", 0x0115 },
        { "action 2", 0x0123 },
        { "other instance", 0x0112 },
    };

    [Theory]
    [MemberData(nameof(Disorders))]
    public async Task A_request_that_is_not_in_order_is_refused_with_its_reason(string disorder, ushort expected)
    {
        var dataset = new DicomDataset().NotValidated();
        if (disorder != "no transaction")
            dataset.Add(DicomTag.TransactionUID, disorder == "transaction is no UID" ? "../../etc" : "1.2.9");
        if (disorder != "no sequence")
        {
            var item = new DicomDataset { { DicomTag.ReferencedSOPClassUID, First.SopClassUid } };
            if (disorder != "reference without instance")
                item.Add(DicomTag.ReferencedSOPInstanceUID, First.SopInstanceUid);
            dataset.Add(disorder == "empty sequence" ? new DicomSequence(DicomTag.ReferencedSOPSequence) : new DicomSequence(DicomTag.ReferencedSOPSequence, item));
        }

        var instance = disorder == "other instance" ? DicomUID.Parse("1.2.3") : DicomUID.StorageCommitmentPushModelInstance;
        var request = new DicomNActionRequest(DicomUID.StorageCommitmentPushModel, instance, (ushort)(disorder == "action 2" ? 2 : 1));
        if (disorder != "no data set")
            request.Dataset = dataset;
        ushort? status = null;
        request.OnResponseReceived = (_, response) => status = response.Status.Code;
        var client = DicomClientFactory.Create("127.0.0.1", _world.Port, false, "PACS", "HSENET");
        await client.AddRequestAsync(request);
        await client.AddRequestAsync(new DicomCEchoRequest());
        await client.SendAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, status);
        Assert.Empty(_acceptor.Requests);
    }

    [Fact]
    public async Task Without_a_receiver_the_class_is_refused()
    {
        await using var plain = ScpWorld.Start();
        var node = Node with { Port = plain.Port };
        var asked = await CommitmentScu.RequestAsync(node, "1.2.9", [First], _requestor, TestContext.Current.CancellationToken);
        var told = await CommitmentScu.ReportAsync(node, new("1.2.9", [First], []), TestContext.Current.CancellationToken);

        Assert.Equal(("delivery.refused-context", "delivery.refused-context"), (asked?.Code, told?.Code));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static void AssertSame(CommitmentResult expected, CommitmentResult actual)
    {
        Assert.Equal(expected.TransactionUid, actual.TransactionUid);
        Assert.Equal(expected.Committed, actual.Committed);
        Assert.Equal(expected.Failed, actual.Failed);
    }
}
