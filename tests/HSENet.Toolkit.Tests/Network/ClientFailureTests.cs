using System.Buffers.Binary;
using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>The client against peers that misbehave, or are slow.</summary>
public sealed class ClientFailureTests
{
    [Theory]
    [InlineData(4096u)]
    [InlineData(16384u)]
    [InlineData(4097u)]
    [InlineData(0u)]
    public async Task The_peers_maximum_length_is_kept(uint maximum)
    {
        using var listener = new RawListener();
        var file = Instances.Ct("1.2.3", pixelBytes: 600_000);
        var (_, sending) = await StartAsync(listener, new DicomCStoreRequest(file));
        var (peer, request) = await listener.AssociateAsync(maximum);
        Assert.Equal(1, request[1]);
        var data = new List<byte>();
        var longest = 0;
        byte[] body;
        do
        {
            body = await peer.ReadAsync(4);
            longest = Math.Max(longest, body.Length);
            Assert.Equal((uint)body.Length - 4, BinaryPrimitives.ReadUInt32BigEndian(body));
            data.AddRange((body[5] & 1) == 0 ? body[6..] : []);
        }
        while ((body[5] & 3) != 2);
        await peer.SendAsync(RawListener.Response(body[4], IdOf(sending.Request), 1));
        await ReleaseAsync(peer);
        await sending.Task;

        Assert.InRange(longest, 1, maximum == 0 ? 262144 : (int)maximum);
        Assert.Equal(Instances.DataOf(file), data);
        peer.Dispose();
    }

    [Fact]
    public async Task An_abort_instead_of_a_response_is_an_exception_with_its_codes()
    {
        using var listener = new RawListener();
        var (client, sending) = await StartAsync(listener, new DicomCEchoRequest());
        await client.AddRequestAsync(new DicomCEchoRequest());
        var (peer, _) = await listener.AssociateAsync();
        await peer.ReadAsync(4);
        await peer.SendAsync(Wire.Pdu(7, [0, 0, 2, 6]));
        var abort = await Assert.ThrowsAsync<DicomAssociationAbortedException>(() => sending.Task);

        Assert.Equal((DicomAbortSource.ServiceProvider, DicomAbortReason.InvalidPDUParameter), (abort.AbortSource, abort.AbortReason));
        Assert.True(client.IsSendRequired);
        peer.Dispose();
    }

    [Fact]
    public async Task An_abort_in_the_middle_of_an_instance_is_known_as_one()
    {
        using var listener = new RawListener();
        var (_, sending) = await StartAsync(listener, new DicomCStoreRequest(Instances.Ct("1.2.3", pixelBytes: 40_000_000)));
        var (peer, _) = await listener.AssociateAsync(16384);
        await peer.ReadAsync(4);
        await peer.SendAsync(Wire.Pdu(7, new byte[4]));

        await Assert.ThrowsAsync<DicomAssociationAbortedException>(() => sending.Task);
        peer.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_closes_is_an_exception(bool isAssociated)
    {
        using var listener = new RawListener();
        var (_, sending) = await StartAsync(listener, new DicomCEchoRequest());
        if (isAssociated)
        {
            var (peer, _) = await listener.AssociateAsync();
            await peer.ReadAsync(4);
            peer.Dispose();
        }
        else
        {
            (await listener.AcceptAsync()).Reset();
        }

        await Assert.ThrowsAsync<DicomNetworkException>(() => sending.Task);
    }

    [Fact]
    public async Task A_silent_acceptor_is_asked_again_and_given_up()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.ClientOptions.AssociationRequestTimeoutInMs = 100;
        client.ClientOptions.MaximumNumberOfConsecutiveTimedOutAssociationRequests = 2;
        var attempts = new List<(int, int, int)>();
        client.AssociationRequestTimedOut += (_, e) => attempts.Add((e.TimeoutInMs, e.Attempt, e.MaximumNumberOfAttempts));
        Assert.Equal(1, new FellowOakDicom.Network.Client.EventArguments.AssociationRequestTimedOutEventArgs(100, 1, 2).Attempt);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var sending = client.SendAsync();
        using var first = await listener.AcceptAsync();
        using var second = await listener.AcceptAsync();

        var exception = await Assert.ThrowsAsync<DicomAssociationRequestTimedOutException>(() => sending);
        Assert.Contains("100", exception.Message);
        Assert.Equal([(100, 1, 2), (100, 2, 2)], attempts);
        await first.ReadAsync(1);
        await first.ReadAsync(7);
    }

    [Fact]
    public async Task A_missing_response_aborts_the_association()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.ServiceOptions.RequestTimeout = TimeSpan.FromMilliseconds(200);
        var told = TimeSpan.Zero;
        var events = new List<(DicomRequest, TimeSpan)>();
        client.RequestTimedOut += (_, e) => events.Add((e.Request, e.Timeout));
        var request = new DicomCEchoRequest();
        request.OnTimeout += (_, e) => told = e.Timeout;
        await client.AddRequestAsync(request);
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync();
        await peer.ReadAsync(4);

        var timeout = await Assert.ThrowsAsync<DicomRequestTimedOutException>(() => sending);
        Assert.Same(request, timeout.Request);
        Assert.Equal((request, TimeSpan.FromMilliseconds(200)), Assert.Single(events));
        Assert.Same(request, new FellowOakDicom.Network.Client.EventArguments.RequestTimedOutEventArgs(request, TimeSpan.Zero).Request);
        Assert.Equal((TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200)), (timeout.TimeOut, told));
        Assert.Equal([0, 0, 0, 0], await peer.ReadAsync(7));
        Assert.Equal(TimeSpan.FromSeconds(1), new DicomRequest.OnTimeoutEventArgs(TimeSpan.Zero) { Timeout = TimeSpan.FromSeconds(1) }.Timeout);
        peer.Dispose();
    }

    [Fact]
    public async Task A_late_release_response_does_not_spoil_what_was_done()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.ClientOptions.AssociationReleaseTimeoutInMs = 100;
        var released = false;
        client.AssociationReleased += (_, _) => released = true;
        DicomStatus? status = null;
        var request = new DicomCEchoRequest { OnResponseReceived = (_, response) => status = response.Status };
        await client.AddRequestAsync(request);
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync();
        await peer.ReadAsync(4);
        await peer.SendAsync(RawListener.Response(1, IdOf(request), 0x30));
        await sending;

        Assert.Equal((DicomStatus.Success, false), (status, released));
        await peer.ReadAsync(5);
        await peer.ReadAsync(7);
        peer.Dispose();
    }

    [Fact]
    public async Task A_release_by_both_sides_at_once_ends_well()
    {
        using var listener = new RawListener();
        var request = new DicomCEchoRequest();
        var (_, sending) = await StartAsync(listener, request);
        var (peer, _) = await listener.AssociateAsync();
        await peer.ReadAsync(4);
        await peer.SendAsync(RawListener.Response(1, IdOf(request), 0x30));
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));
        await peer.ReadAsync(6);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));

        await sending.Task;
        peer.Dispose();
    }

    [Theory]
    [InlineData(DicomClientCancellationMode.ImmediatelyReleaseAssociation)]
    [InlineData(DicomClientCancellationMode.ImmediatelyAbortAssociation)]
    public async Task Cancelling_inside_a_request_aborts(DicomClientCancellationMode mode)
    {
        using var listener = new RawListener();
        using var cancellation = new CancellationTokenSource();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestsAsync([new DicomCEchoRequest(), new DicomCEchoRequest()]);
        var sending = client.SendAsync(cancellation.Token, mode);
        var (peer, _) = await listener.AssociateAsync();
        await peer.ReadAsync(4);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await peer.ReadAsync(7);
        peer.Dispose();
    }

    [Theory]
    [InlineData(DicomClientCancellationMode.ImmediatelyReleaseAssociation, 5)]
    [InlineData(DicomClientCancellationMode.ImmediatelyAbortAssociation, 7)]
    public async Task Cancelling_between_requests_releases_or_aborts(DicomClientCancellationMode mode, byte expected)
    {
        using var listener = new RawListener();
        using var cancellation = new CancellationTokenSource();
        var client = TestServer.Client(listener.Port);
        client.ClientOptions.AssociationReleaseTimeoutInMs = 100;
        var request = new DicomCEchoRequest { OnResponseReceived = (_, _) => cancellation.Cancel() };
        await client.AddRequestsAsync([request, new DicomCEchoRequest()]);
        var sending = client.SendAsync(cancellation.Token, mode);
        var (peer, _) = await listener.AssociateAsync();
        await peer.ReadAsync(4);
        await peer.SendAsync(RawListener.Response(1, IdOf(request), 0x30));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await peer.ReadAsync(expected);
        peer.Dispose();
    }

    [Fact]
    public async Task Cancelling_while_the_acceptor_is_silent_ends_at_once()
    {
        using var listener = new RawListener();
        using var cancellation = new CancellationTokenSource();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var sending = client.SendAsync(cancellation.Token);
        using var peer = await listener.AcceptAsync();
        await peer.ReadAsync(1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    public static TheoryData<string, byte[]> BrokenAnswers { get; } = new()
    {
        { "web", Wire.Ascii("HTTP/1.1 400 Bad Request\r\n\r\n") },
        { "acceptance of 2 GB", [2, 0, 0x7F, 0xFF, 0xFF, 0xFF] },
        { "empty acceptance", Wire.Pdu(2, []) },
        { "request", Wire.AssociateRequest(Wire.UserInformation(0)) },
        {
            "context that was not proposed",
            Wire.Pdu(2, new byte[68], Wire.Item(0x21, [99, 0, 0, 0], Wire.Item(0x40, Wire.Ascii(Wire.ImplicitLittle))))
        },
        {
            "syntax that was not proposed",
            Wire.Pdu(2, new byte[68], Wire.Item(0x21, [1, 0, 0, 0], Wire.Item(0x40, Wire.Ascii(Wire.JpegLossless))))
        },
    };

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task A_broken_answer_to_the_request_is_an_exception(string name, byte[] answer)
    {
        _ = name;
        using var listener = new RawListener();
        var (_, sending) = await StartAsync(listener, new DicomCEchoRequest());
        using var peer = await listener.AcceptAsync();
        await peer.ReadAsync(1);
        await peer.SendAsync(answer);

        await Assert.ThrowsAsync<DicomNetworkException>(() => sending.Task);
    }

    [Fact]
    public async Task A_context_the_acceptor_does_not_mention_is_refused()
    {
        using var listener = new RawListener();
        DicomStatus? status = null;
        var (_, sending) = await StartAsync(
            listener, new DicomCEchoRequest { OnResponseReceived = (_, response) => status = response.Status });
        using var peer = await listener.AcceptAsync();
        await peer.ReadAsync(1);
        await peer.SendAsync(Wire.Pdu(2, Wire.Big16(1), new byte[66], Wire.UserInformation(0)));
        await ReleaseAsync(peer);
        await sending.Task;

        Assert.Equal(DicomStatus.SOPClassNotSupported, status);
    }

    private static byte[] IdOf(DicomRequest request) => Wire.Little16(request.MessageID);

    private static async Task ReleaseAsync(RawPeer peer)
    {
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
    }

    private static async Task<(IDicomClient Client, (DicomRequest Request, Task Task) Sending)> StartAsync(RawListener listener, DicomRequest request)
    {
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(request);
        return (client, (request, client.SendAsync()));
    }
}
