using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>How associations end, and what a client and a service hear of it (PS3.8 9.2).</summary>
public sealed class ReleaseAndAbortTests
{
    [Fact]
    public async Task A_release_is_answered_and_the_service_hears_of_it_once()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));
        Assert.Equal(new byte[4], await peer.ReadAsync(6));
        peer.Dispose();
        await script.ClosedAsync();

        Assert.Single(script.Events, name => name == "release");
    }

    [Fact]
    public async Task An_abort_by_the_peer_reaches_the_service_with_source_and_reason()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync(Wire.Pdu(7, [0, 0, 2, 6]));
        await script.ClosedAsync();

        Assert.Contains("abort ServiceProvider InvalidPDUParameter", script.Events);
    }

    [Fact]
    public async Task A_client_releases_when_its_requests_are_answered()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var client = TestServer.Client(server.Port);
        var released = 0;
        client.AssociationReleased += (_, _) => released++;
        await client.AddRequestAsync(new DicomCEchoRequest());
        await client.SendAsync().WaitAsync(Eventually.Deadline);
        await script.ClosedAsync();

        Assert.Equal(1, released);
        Assert.Contains("release", script.Events);
    }

    [Fact]
    public async Task A_client_may_send_again_after_a_release()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var client = TestServer.Client(server.Port);
        for (var i = 0; i < 2; i++)
        {
            await client.AddRequestAsync(new DicomCEchoRequest());
            await client.SendAsync().WaitAsync(Eventually.Deadline);
        }

        Assert.Equal(2, script.Associations.Count);
    }

    [Fact]
    public async Task An_abort_instead_of_a_response_is_an_exception_with_its_codes()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync();
        using var _p = peer;
        await peer.ReadAsync(4);
        await peer.SendAsync(Wire.Pdu(7, [0, 0, 2, 6]));

        var abort = await Assert.ThrowsAsync<DicomAssociationAbortedException>(() => sending);
        Assert.Equal((DicomAbortSource.ServiceProvider, DicomAbortReason.InvalidPDUParameter), (abort.AbortSource, abort.AbortReason));
    }

    [Theory]
    [InlineData(1, 1, 3, DicomRejectReason.CallingAENotRecognized)]
    [InlineData(1, 1, 7, DicomRejectReason.CalledAENotRecognized)]
    [InlineData(2, 3, 1, DicomRejectReason.TemporaryCongestion)]
    [InlineData(2, 3, 2, DicomRejectReason.LocalLimitExceeded)]
    public async Task A_rejection_is_an_exception_with_its_codes(byte result, byte source, byte reason, DicomRejectReason expected)
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var sending = client.SendAsync();
        using var peer = await listener.AcceptAsync();
        await peer.ReadAsync(1);
        await peer.SendAsync(Wire.Pdu(3, [0, result, source, reason]));

        var rejection = await Assert.ThrowsAsync<DicomAssociationRejectedException>(() => sending);
        Assert.Equal(
            ((DicomRejectResult)result, (DicomRejectSource)source, expected),
            (rejection.RejectResult, rejection.RejectSource, rejection.RejectReason));
    }

    [Fact]
    public async Task A_request_that_is_not_answered_in_time_is_told_and_its_association_not_used_again()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.ServiceOptions.RequestTimeout = TimeSpan.FromMilliseconds(500);
        var isTold = new TaskCompletionSource();
        var request = new DicomCEchoRequest();
        request.OnTimeout += (_, _) => isTold.TrySetResult();
        await client.AddRequestAsync(request);
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync();
        using var _p = peer;
        await peer.ReadAsync(4);

        await isTold.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotEqual((byte?)4, (await peer.ReadAsync())?.Type);
        await Record.ExceptionAsync(() => sending);
    }

    [Fact]
    public async Task A_number_of_requests_for_an_association_is_kept()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var client = TestServer.Client(server.Port);
        client.ClientOptions.MaximumNumberOfRequestsPerAssociation = 2;
        var answers = 0;
        for (var i = 0; i < 5; i++)
        {
            await client.AddRequestAsync(new DicomCEchoRequest { OnResponseReceived = (_, _) => answers++ });
        }

        await client.SendAsync().WaitAsync(Eventually.Deadline);
        Assert.Equal((5, 3), (answers, script.Associations.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task An_instance_in_fragments_of_any_size_arrives_whole(int size)
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        byte[] data = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        await peer.SendDataAsync([
            Wire.Pdv(3, true, true, Wire.StoreCommand(1)),
            .. data.Chunk(size).Select((part, i) => Wire.Pdv(3, false, (i + 1) * size >= data.Length, part))]);

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(data, Assert.Single(script.Stored).Bytes);
    }

    [Fact]
    public async Task Several_values_share_a_pdu()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        byte[] data = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        await peer.SendAsync(Wire.Pdu(
            4, Wire.Pdv(3, true, true, Wire.StoreCommand(1)), Wire.Pdv(3, false, false, data[..100]), Wire.Pdv(3, false, true, data[100..])));

        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
        Assert.Equal(data, Assert.Single(script.Stored).Bytes);
    }

    [Theory]
    [InlineData(4096u)]
    [InlineData(16384u)]
    public async Task A_client_keeps_to_the_peers_maximum_length(uint maximum)
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        var request = new DicomCStoreRequest(Instances.Ct("1.2.3", pixelBytes: 100_000));
        await client.AddRequestAsync(request);
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync(maximum);
        using var _p = peer;
        byte[] body;
        do
        {
            body = await peer.ReadAsync(4);
            Assert.InRange((uint)body.Length, 7u, maximum);
        }
        while ((body[5] & 3) != 2);
        await peer.SendAsync(RawListener.Response(body[4], Wire.Little16(request.MessageID), 1));
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
        await sending.WaitAsync(Eventually.Deadline);
    }
}
