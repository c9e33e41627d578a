using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Who is SCU and who is SCP (PS3.7 D.3.3.4).</summary>
public sealed class RoleTests
{
    [Fact]
    public void A_context_for_the_scp_role_says_so()
    {
        var context = DicomPresentationContext.GetScpRolePresentationContext(
            DicomUID.StorageCommitmentPushModel, DicomTransferSyntax.ExplicitVRLittleEndian, DicomTransferSyntax.ImplicitVRLittleEndian);

        Assert.Equal((false, true), (context.UserRole, context.ProviderRole));
        Assert.Equal(
            [DicomTransferSyntax.ExplicitVRLittleEndian, DicomTransferSyntax.ImplicitVRLittleEndian], context.GetTransferSyntaxes());
    }

    [Fact]
    public void A_context_without_roles_has_none() => Assert.Equal(
        (null, null),
        (new DicomPresentationContext(1, DicomUID.Verification).UserRole, new DicomPresentationContext(1, DicomUID.Verification).ProviderRole));

    [Fact]
    public async Task A_requestor_that_wants_to_be_scp_says_so_on_the_wire()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.AdditionalPresentationContexts.Add(
            DicomPresentationContext.GetScpRolePresentationContext(DicomUID.StorageCommitmentPushModel, DicomTransferSyntax.ImplicitVRLittleEndian));
        await client.AddRequestAsync(new DicomCEchoRequest());
        var sending = client.SendAsync();
        var (peer, request) = await listener.AssociateAsync();

        var role = Assert.Single(RawPeer.UserInformation(request), item => item.Type == 0x54);
        Assert.Equal(Wire.Role(Wire.StorageCommitment, 0, 1)[4..], role.Body);
        peer.Dispose();
        await Record.ExceptionAsync(() => sending);
    }

    [Fact]
    public async Task A_requestor_that_wants_no_role_names_none()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var sending = client.SendAsync();
        var (peer, request) = await listener.AssociateAsync();

        Assert.DoesNotContain(RawPeer.UserInformation(request), item => item.Type == 0x54);
        peer.Dispose();
        await Record.ExceptionAsync(() => sending);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public async Task A_proposed_role_reaches_the_service_and_is_accepted(byte user, byte provider)
    {
        var script = new Script { Negotiate = Script.AcceptAll };
        using var server = TestServer.Start<NormalizedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(
            Wire.Context(1, Wire.StorageCommitment, Wire.ImplicitLittle), Wire.UserInformation(0, Wire.Role(Wire.StorageCommitment, user, provider))));
        var accepted = await peer.ReadAsync(2);

        var context = Assert.Single(Assert.Single(script.Associations).PresentationContexts);
        Assert.Equal((user == 1, provider == 1), (context.UserRole, context.ProviderRole));
        Assert.Equal(
            Wire.Role(Wire.StorageCommitment, user, provider)[4..],
            Assert.Single(RawPeer.UserInformation(accepted), item => item.Type == 0x54).Body);
    }

    [Fact]
    public async Task A_role_that_nobody_asked_for_is_not_answered()
    {
        using var server = TestServer.Start<NormalizedScp>(new Script { Negotiate = Script.AcceptAll });
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, Wire.StorageCommitment, Wire.ImplicitLittle), Wire.UserInformation(0)));

        Assert.DoesNotContain(RawPeer.UserInformation(await peer.ReadAsync(2)), item => item.Type == 0x54);
    }
}
