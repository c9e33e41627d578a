using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>What our side makes of roles where the contract leaves it open.</summary>
public sealed class RoleTests
{
    [Fact]
    public async Task An_event_proposes_the_scp_role_by_itself_and_is_not_sent_where_the_role_is_refused()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        DicomStatus? status = null;
        var report = new DicomNEventReportRequest(DicomUID.StorageCommitmentPushModel, DicomUID.StorageCommitmentPushModelInstance, 1);
        report.OnResponseReceived += (_, response) => status = response.Status;
        await client.AddRequestAsync(report);
        DicomPresentationContext? negotiated = null;
        client.AssociationAccepted += (_, e) => negotiated = e.Association.PresentationContexts.First();
        var sending = client.SendAsync();
        using var peer = await listener.AcceptAsync();
        var request = await peer.ReadAsync(1);
        Assert.Equal(
            Wire.Role(Wire.StorageCommitment, 0, 1)[4..], Assert.Single(RawPeer.UserInformation(request), item => item.Type == 0x54).Body);
        await peer.SendAsync(RawListener.Accept(request, 0, userItems: [Wire.Role(Wire.StorageCommitment, 1, 0)]));
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
        await sending;

        Assert.Equal(DicomStatus.SOPClassNotSupported, status);
        Assert.Equal((false, false), (negotiated!.UserRole, negotiated.ProviderRole));
    }

    [Fact]
    public async Task No_answer_to_a_role_means_the_defaults_and_an_event_is_tried()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(
            new DicomNEventReportRequest(DicomUID.StorageCommitmentPushModel, DicomUID.StorageCommitmentPushModelInstance, 1));
        DicomPresentationContext? negotiated = null;
        client.AssociationAccepted += (_, e) => negotiated = e.Association.PresentationContexts.First();
        var sending = client.SendAsync();
        var (peer, _) = await listener.AssociateAsync();
        using var _p = peer;
        var report = await peer.ReadCommandAsync();
        await peer.SendAsync(RawListener.Response(1, report[0x0110], 0x0100));
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
        await sending;

        Assert.Equal((null, null), (negotiated!.UserRole, negotiated.ProviderRole));
    }

    [Fact]
    public async Task Roles_are_those_of_a_class_whatever_number_of_contexts_it_has()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        await client.AddRequestAsync(new DicomCStoreRequest(Instances.Ct("1.2.3")));
        client.AdditionalPresentationContexts.Add(DicomPresentationContext.GetScpRolePresentationContext(DicomUID.CTImageStorage));
        var sending = client.SendAsync();
        using var peer = await listener.AcceptAsync();
        var request = await peer.ReadAsync(1);

        Assert.Equal(
            Wire.Role(Wire.CtImageStorage, 1, 1)[4..], Assert.Single(RawPeer.UserInformation(request), item => item.Type == 0x54).Body);
        peer.Dispose();
        await Assert.ThrowsAsync<DicomNetworkException>(() => sending);
    }

    [Fact]
    public async Task A_client_without_a_handler_refuses_an_event()
    {
        using var listener = new RawListener();
        var client = TestServer.Client(listener.Port);
        client.ClientOptions.AssociationLingerTimeoutInMs = 60_000;
        var isEchoed = new TaskCompletionSource();
        var request = new DicomCEchoRequest();
        request.OnResponseReceived += (_, _) => isEchoed.SetResult();
        await client.AddRequestAsync(request);
        using var stop = new CancellationTokenSource();
        var sending = client.SendAsync(stop.Token);
        var (peer, _) = await listener.AssociateAsync();
        using var _p = peer;
        var echo = await peer.ReadCommandAsync();
        await peer.SendAsync(Wire.Pdu(4, Wire.Pdv(1, true, true, Wire.Command(
            Wire.Element(0x0002, Wire.Uid(Wire.StorageCommitment)), Wire.Element(0x0100, Wire.Little16(0x0100)),
            Wire.Element(0x0110, Wire.Little16(9)), Wire.Element(0x0800, Wire.Little16(0x0101)), Wire.Element(0x1002, Wire.Little16(1))))));
        var refusal = await peer.ReadResponseAsync();
        Assert.Equal((0x0211, 9), (refusal.Status, refusal.RequestId));
        Assert.Equal(Wire.Little16(0x8100), refusal.Elements[0x0100]);
        Assert.Equal(Wire.Little16(1), refusal.Elements[0x1002]);

        await peer.SendAsync(RawListener.Response(1, echo[0x0110], 0x0030));
        await isEchoed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(() => !client.IsSendRequired);
        await stop.CancelAsync();
        await peer.ReadAsync(5);
        await peer.SendAsync(Wire.Pdu(6, new byte[4]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }
}
