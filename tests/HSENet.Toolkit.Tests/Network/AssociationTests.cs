using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Negotiation as seen by a requestor that speaks bytes.</summary>
public sealed class AssociationTests
{
    [Fact]
    public async Task An_accepted_association_tells_contexts_length_and_identity()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var body = await NegotiateAsync(server, Wire.Context(7, Wire.CtImageStorage, Wire.ExplicitLittle), Wire.UserInformation(16384));

        Assert.Equal(new RawResult(7, 0, Wire.ExplicitLittle), Assert.Single(RawPeer.Results(body)));
        Assert.Equal(Wire.Concat(Wire.Title("CALLED"), Wire.Title("CALLING")), body[4..36]);
        var information = RawPeer.UserInformation(body);
        Assert.Equal(Wire.Big32(262144), information.Single(i => i.Type == 0x51).Body);
        Assert.Equal(Wire.Ascii(DicomImplementation.ClassUID.UID), information.Single(i => i.Type == 0x52).Body);
        Assert.Equal(Wire.Ascii(DicomImplementation.Version), information.Single(i => i.Type == 0x55).Body);
        Assert.DoesNotContain(information, i => i.Type == 0x53);
    }

    [Fact]
    public async Task The_service_sees_who_asks()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        await NegotiateAsync(server, Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(16384));

        var association = Assert.Single(script.Associations);
        Assert.Equal(("CALLING", "CALLED"), (association.CallingAE, association.CalledAE));
        Assert.Equal("127.0.0.1", association.RemoteHost);
        Assert.InRange(association.RemotePort, 1, 65535);
        Assert.Equal("1.2.3.4", association.RemoteImplementationClassUID?.UID);
        Assert.Equal("RAW_PEER_1", association.RemoteImplementationVersion);
        Assert.Equal(16384u, association.MaximumPDULength);
        Assert.Equal((1, 1), (association.MaxAsyncOpsInvoked, association.MaxAsyncOpsPerformed));
        Assert.Contains("CALLING", association.ToString());
    }

    [Fact]
    public async Task An_unknown_abstract_syntax_is_refused_and_the_association_accepted()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        var body = await NegotiateAsync(
            server,
            Wire.Context(1, "1.2.840.99999.1", Wire.ImplicitLittle),
            Wire.Context(3, Wire.Verification, Wire.ImplicitLittle),
            Wire.UserInformation(0));

        Assert.Equal([3, 0], RawPeer.Results(body).Select(r => (int)r.Result));
    }

    [Fact]
    public async Task An_association_with_nothing_but_refused_contexts_is_accepted()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        var body = await NegotiateAsync(server, Wire.Context(1, "1.2.840.99999.1", Wire.ImplicitLittle), Wire.UserInformation(0));

        Assert.Equal(3, Assert.Single(RawPeer.Results(body)).Result);
    }

    [Fact]
    public async Task A_context_without_a_transfer_syntax_we_read_is_refused_with_4()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        var body = await NegotiateAsync(server, Wire.Context(1, Wire.CtImageStorage, Wire.JpegLossless, "1.2.3.99"), Wire.UserInformation(0));

        Assert.Equal(4, Assert.Single(RawPeer.Results(body)).Result);
    }

    [Fact]
    public async Task A_context_the_service_says_nothing_about_is_refused_without_reason()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script { Negotiate = _ => { } });
        var body = await NegotiateAsync(server, Wire.Context(1, Wire.CtImageStorage, Wire.ImplicitLittle), Wire.UserInformation(0));

        Assert.Equal(2, Assert.Single(RawPeer.Results(body)).Result);
    }

    [Fact]
    public async Task The_requestors_order_of_syntaxes_decides()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        var body = await NegotiateAsync(
            server,
            Wire.Context(1, Wire.CtImageStorage, Wire.JpegLossless, Wire.ExplicitLittle, Wire.ImplicitLittle),
            Wire.Context(3, Wire.CtImageStorage, Wire.ImplicitLittle, Wire.ExplicitLittle),
            Wire.UserInformation(0));

        Assert.Equal([Wire.ExplicitLittle, Wire.ImplicitLittle], RawPeer.Results(body).Select(r => r.TransferSyntax));
    }

    [Fact]
    public async Task A_hundred_and_twenty_eight_contexts_are_negotiated()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        var contexts = Enumerable.Range(0, 128).Select(i => Wire.Context((byte)(2 * i + 1), Wire.CtImageStorage, Wire.ImplicitLittle));
        var body = await NegotiateAsync(server, [.. contexts, Wire.UserInformation(0)]);

        Assert.Equal(128, RawPeer.Results(body).Count(r => r.Result == 0));
    }

    [Fact]
    public async Task An_asynchronous_window_is_answered_with_one_and_one()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var body = await NegotiateAsync(
            server,
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle),
            Wire.UserInformation(0, Wire.Item(0x53, Wire.Big16(5), Wire.Big16(0))));

        Assert.Equal([0, 1, 0, 1], RawPeer.UserInformation(body).Single(i => i.Type == 0x53).Body);
        var association = Assert.Single(script.Associations);
        Assert.Equal((5, 0), (association.MaxAsyncOpsInvoked, association.MaxAsyncOpsPerformed));
    }

    [Fact]
    public async Task A_role_selection_reaches_the_context_and_is_answered()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var role = Wire.Item(0x54, Wire.Big16((ushort)Wire.CtImageStorage.Length), Wire.Ascii(Wire.CtImageStorage), [0, 1]);
        var body = await NegotiateAsync(server, Wire.Context(1, Wire.CtImageStorage, Wire.ImplicitLittle), Wire.UserInformation(0, role));

        var context = Assert.Single(Assert.Single(script.Associations).PresentationContexts);
        Assert.Equal((false, true), (context.UserRole, context.ProviderRole));
        Assert.Equal(role[4..], RawPeer.UserInformation(body).Single(i => i.Type == 0x54).Body);
    }

    [Fact]
    public async Task User_identity_extended_negotiation_and_unknown_items_are_tolerated()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        var body = await NegotiateAsync(
            server,
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle),
            Wire.Item(0x77, [1, 2, 3]),
            Wire.UserInformation(
                0,
                Wire.Item(0x56, Wire.Big16(5), Wire.Ascii("1.2.3"), [1]),
                Wire.Item(0x57, Wire.Big16(5), Wire.Ascii("1.2.3"), Wire.Big16(0), Wire.Big16(0)),
                Wire.Item(0x58, [1, 1], Wire.Big16(4), Wire.Ascii("user"), Wire.Big16(0)),
                Wire.Item(0x7F, [9])));

        Assert.Equal(0, Assert.Single(RawPeer.Results(body)).Result);
    }

    [Theory]
    [InlineData(DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.NoReasonGiven, 1, 1, 1)]
    [InlineData(DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.ApplicationContextNotSupported, 1, 1, 2)]
    [InlineData(DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.CallingAENotRecognized, 1, 1, 3)]
    [InlineData(DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.CalledAENotRecognized, 1, 1, 7)]
    [InlineData(DicomRejectResult.Permanent, DicomRejectSource.ServiceProviderACSE, DicomRejectReason.NoReasonGiven_, 1, 2, 1)]
    [InlineData(DicomRejectResult.Permanent, DicomRejectSource.ServiceProviderACSE, DicomRejectReason.ProtocolVersionNotSupported, 1, 2, 2)]
    [InlineData(DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.TemporaryCongestion, 2, 3, 1)]
    [InlineData(DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.LocalLimitExceeded, 2, 3, 2)]
    public async Task A_rejection_carries_its_three_codes(
        DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason, byte first, byte second, byte third)
    {
        var script = new Script { Answer = (scp, _) => scp.RejectAsync(result, source, reason) };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(UsualRequest());

        Assert.Equal([0, first, second, third], await peer.ReadAsync(3));
        peer.Dispose();
        Assert.Null(await script.ClosedAsync());
    }

    [Fact]
    public async Task A_service_that_rejects_and_then_accepts_has_rejected()
    {
        var script = new Script
        {
            Answer = async (scp, association) =>
            {
                await scp.RejectAsync(DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.CalledAENotRecognized);
                await scp.AcceptAsync(association);
                await scp.RejectAsync(DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.CallingAENotRecognized);
            },
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(UsualRequest());

        Assert.Equal([0, 1, 1, 7], await peer.ReadAsync(3));
        await peer.SendEchoAsync(1);
        server.Stop();
        await peer.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_service_that_fails_over_a_request_rejects_it_for_now()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script { Negotiate = _ => throw new InvalidOperationException("policy") });
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(UsualRequest());

        Assert.Equal([0, 2, 3, 1], await peer.ReadAsync(3));
    }

    [Theory]
    [InlineData((ushort)2, Wire.ApplicationContext, new byte[] { 0, 1, 2, 2 })]
    [InlineData((ushort)1, "1.2.840.10008.3.1.1.99", new byte[] { 0, 1, 1, 2 })]
    public async Task Another_protocol_version_or_application_context_is_rejected(ushort version, string applicationContext, byte[] expected)
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        var items = new[] { Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0) };
        await peer.SendAsync(Wire.Pdu(1, Wire.RequestBody(items, version, applicationContext)));

        Assert.Equal(expected, await peer.ReadAsync(3));
        Assert.Empty(script.Associations);
    }

    [Fact]
    public async Task One_association_too_many_is_rejected_and_has_room_later()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script, configure: options => options.MaxClientsAllowed = 1);
        using var silent = await RawPeer.ConnectAsync(server.Port);
        var first = await RawPeer.AssociatedAsync(server.Port);
        using var second = await RawPeer.ConnectAsync(server.Port);
        await second.SendAsync(UsualRequest());
        Assert.Equal([0, 2, 3, 2], await second.ReadAsync(3));
        Assert.Single(script.Associations);

        first.Dispose();
        await script.ClosedAsync();
        await Eventually.TrueAsync(async () =>
        {
            using var third = await RawPeer.ConnectAsync(server.Port);
            await third.SendAsync(UsualRequest());
            return (await third.ReadAsync())?.Type == 2;
        });
    }

    [Fact]
    public async Task A_release_is_answered_and_the_requestor_closes()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync(Wire.Pdu(5, new byte[4]));

        Assert.Equal(new byte[4], await peer.ReadAsync(6));
        peer.Dispose();
        Assert.Null(await script.ClosedAsync());
        Assert.Equal(["release", "closed"], script.Events);
    }

    [Theory]
    [InlineData(DicomAbortSource.ServiceUser, DicomAbortReason.NotSpecified)]
    [InlineData(DicomAbortSource.Unknown, DicomAbortReason.UnrecognizedPDU)]
    [InlineData(DicomAbortSource.ServiceProvider, DicomAbortReason.UnexpectedPDU)]
    [InlineData(DicomAbortSource.ServiceProvider, DicomAbortReason.UnrecognizedPDUParameter)]
    [InlineData(DicomAbortSource.ServiceProvider, DicomAbortReason.UnexpectedPDUParameter)]
    [InlineData(DicomAbortSource.ServiceProvider, DicomAbortReason.InvalidPDUParameter)]
    public async Task An_abort_by_the_peer_reaches_the_service(DicomAbortSource source, DicomAbortReason reason)
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendAsync(Wire.Pdu(7, [0, 0, (byte)source, (byte)reason]));

        await peer.ExpectClosedAsync();
        Assert.Null(await script.ClosedAsync());
        Assert.Equal([$"abort {source} {reason}", "closed"], script.Events);
    }

    [Fact]
    public async Task An_abort_by_the_service_reaches_the_peer()
    {
        var script = new Script { Answer = (scp, _) => scp.AbortAsync(DicomAbortSource.ServiceUser, DicomAbortReason.NotSpecified) };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(UsualRequest());

        await peer.ExpectAbortAsync(0, 0);
    }

    [Fact]
    public async Task A_connection_lost_inside_an_association_is_told_with_a_reason()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var peer = await RawPeer.AssociatedAsync(server.Port);
        peer.Reset();

        Assert.IsType<DicomNetworkException>(await script.ClosedAsync());
        Assert.Equal(["closed"], script.Events);
    }

    private static byte[] UsualRequest() =>
        Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0));

    private static async Task<byte[]> NegotiateAsync(IDicomServer server, params byte[][] items)
    {
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(items));
        return await peer.ReadAsync(2);
    }
}
