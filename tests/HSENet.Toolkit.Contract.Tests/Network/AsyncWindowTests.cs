using System.Buffers.Binary;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Several operations at a time (PS3.7 D.3.3.3).</summary>
public sealed class AsyncWindowTests
{
    [Fact]
    public async Task A_client_that_wants_no_window_names_none_and_waits_for_each_response()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestsAsync([new DicomCEchoRequest(), new DicomCEchoRequest()]);
        var sending = client.SendAsync();
        var (peer, request) = await listener.AssociateAsync();
        using var _p = peer;
        Assert.DoesNotContain(RawPeer.UserInformation(request), item => item.Type == 0x53 && !item.Body.SequenceEqual(new byte[] { 0, 1, 0, 1 }));
        for (var i = 0; i < 2; i++)
        {
            var command = await peer.ReadCommandAsync();
            Assert.False(peer.HasMore);
            await peer.SendAsync(RawListener.Response(1, command[0x0110], 0x0030));
        }

        await EndAsync(peer, sending);
    }

    [Fact]
    public async Task A_window_is_proposed_and_as_many_requests_go_out_as_the_peer_allows()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.NegotiateAsyncOps(5, 1);
        await client.AddRequestsAsync(Enumerable.Range(0, 3).Select(_ => new DicomCEchoRequest()));
        var sending = client.SendAsync();
        using var peer = await listener.AcceptAsync();
        var request = await peer.ReadAsync(1);
        Assert.Equal([0, 5, 0, 1], RawPeer.UserInformation(request).Single(item => item.Type == 0x53).Body);
        await peer.SendAsync(RawListener.Accept(request, 0, userItems: [Wire.Window(2, 1)]));
        var first = await peer.ReadCommandAsync();
        var second = await peer.ReadCommandAsync();
        Assert.False(peer.HasMore);
        await peer.SendAsync(RawListener.Response(1, second[0x0110], 0x0030));
        var third = await peer.ReadCommandAsync();
        await peer.SendAsync(RawListener.Response(1, third[0x0110], 0x0030), RawListener.Response(1, first[0x0110], 0x0030));

        await EndAsync(peer, sending);
    }

    [Fact]
    public async Task Responses_out_of_order_reach_their_own_requests()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.NegotiateAsyncOps(3, 1);
        var seen = new List<(int Request, int Response, DicomStatus Status)>();
        for (var i = 0; i < 3; i++)
        {
            var request = new DicomCEchoRequest();
            request.OnResponseReceived += (own, response) => seen.Add((own.MessageID, response.RequestMessageID, response.Status));
            await client.AddRequestAsync(request);
        }

        var sending = client.SendAsync();
        using var peer = await listener.AcceptAsync();
        await peer.SendAsync(RawListener.Accept(await peer.ReadAsync(1), 0, userItems: [Wire.Window(3, 1)]));
        var ids = new List<byte[]>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await peer.ReadCommandAsync())[0x0110]);
        }

        await peer.SendAsync(
            RawListener.Response(1, ids[2], 0x0030), RawListener.Response(1, ids[0], 0x0030, 0x0110), RawListener.Response(1, ids[1], 0x0030));
        await EndAsync(peer, sending);

        Assert.All(seen, pair => Assert.Equal(pair.Request, pair.Response));
        Assert.Equal(
            [(ids[2], DicomStatus.Success), (ids[0], DicomStatus.ProcessingFailure), (ids[1], DicomStatus.Success)],
            seen.Select(pair => (Wire.Little16((ushort)pair.Request), pair.Status)));
    }

    [Fact]
    public async Task A_window_the_peer_does_not_answer_is_synchronous()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.NegotiateAsyncOps(5, 1);
        await client.AddRequestsAsync([new DicomCEchoRequest(), new DicomCEchoRequest()]);
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync();
        using var _p = peer;
        for (var i = 0; i < 2; i++)
        {
            var command = await peer.ReadCommandAsync();
            Assert.False(peer.HasMore);
            await peer.SendAsync(RawListener.Response(1, command[0x0110], 0x0030));
        }

        await EndAsync(peer, sending);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(9, 0)]
    public async Task A_service_never_answers_a_window_without_limit(ushort invoked, ushort performed)
    {
        using var server = TestServer.Start<ScriptedScp>(new Script { Negotiate = Bounded });
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0, Wire.Window(invoked, performed))));
        var window = RawPeer.UserInformation(await peer.ReadAsync(2)).Single(item => item.Type == 0x53).Body;

        Assert.InRange(BinaryPrimitives.ReadUInt16BigEndian(window), 1, 4);
        Assert.InRange(BinaryPrimitives.ReadUInt16BigEndian(window.AsSpan(2)), 1, 2);
    }

    [Fact]
    public async Task Requests_within_the_window_are_all_answered()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script { Negotiate = Bounded });
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0, Wire.Window(4, 1))));
        await peer.ReadAsync(2);
        await peer.SendAsync(Enumerable.Range(1, 4).Select(id => Wire.Pdu(4, Wire.Pdv(1, true, true, Wire.EchoCommand((ushort)id)))));
        var answered = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            answered.Add((await peer.ReadResponseAsync()).RequestId);
        }

        Assert.Equal([1, 2, 3, 4], answered.Order());
    }

    private static void Bounded(DicomAssociation association)
    {
        Script.AcceptAll(association);
        association.MaxAsyncOpsInvoked = 4;
        association.MaxAsyncOpsPerformed = 2;
    }

    private static async Task EndAsync(RawPeer peer, Task sending)
    {
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
        await sending.WaitAsync(Eventually.Deadline);
    }
}
