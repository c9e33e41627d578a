using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Where the bytes of an association stand (PS3.8 9.3), and who decides what.</summary>
public sealed class NegotiationWireTests
{
    private static readonly DicomTransferSyntax[] Ours = [DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.ExplicitVRLittleEndian];

    [Fact]
    public void The_requestors_order_of_transfer_syntaxes_decides()
    {
        var context = Proposed();
        Assert.True(context.AcceptTransferSyntaxes(Ours));
        Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, context.AcceptedTransferSyntax);
    }

    [Fact]
    public void The_acceptors_order_decides_when_it_is_to()
    {
        var context = Proposed();
        Assert.True(context.AcceptTransferSyntaxes(Ours, scpPriority: true));
        Assert.Equal(DicomTransferSyntax.ImplicitVRLittleEndian, context.AcceptedTransferSyntax);
    }

    [Fact]
    public async Task A_request_names_the_called_title_before_the_calling_one()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var sending = client.SendAsync();
        var (peer, request) = await listener.AssociateAsync();

        Assert.Equal(Wire.Concat(Wire.Title("CALLED"), Wire.Title("CALLING")), request[4..36]);
        peer.Dispose();
        await Record.ExceptionAsync(() => sending);
    }

    [Fact]
    public async Task A_rejection_has_its_result_source_and_reason_in_this_order()
    {
        var script = new Script
        {
            Answer = (service, _) => service.RejectAsync(
                DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.TemporaryCongestion),
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0)));

        Assert.Equal([0, 2, 3, 1], await peer.ReadAsync(3));
    }

    [Fact]
    public async Task A_window_of_operations_is_never_answered_with_no_limit()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script());
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0, Wire.Item(0x53, Wire.Big16(5), Wire.Big16(1)))));

        var window = RawPeer.UserInformation(await peer.ReadAsync(2)).Single(item => item.Type == 0x53).Body;
        Assert.InRange((window[0] << 8) | window[1], 1, 5);
        Assert.Equal([0, 1], window[2..]);
    }

    private static DicomPresentationContext Proposed()
    {
        var context = new DicomPresentationContext(1, DicomUID.CTImageStorage);
        context.AddTransferSyntax(DicomTransferSyntax.JPEGProcess14SV1);
        context.AddTransferSyntax(DicomTransferSyntax.ExplicitVRLittleEndian);
        context.AddTransferSyntax(DicomTransferSyntax.ImplicitVRLittleEndian);
        return context;
    }
}
