using FellowOakDicom.Network.Pdu;

namespace FellowOakDicom.Network;

// What a PDU does to the state of the association (PS3.8 9.2).
public abstract partial class DicomService
{
    private protected virtual Task OnAssociateAcceptAsync() => Task.CompletedTask;

    private protected virtual Task OnAssociateRejectAsync(DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason) =>
        Task.CompletedTask;

    private protected virtual Task OnReleaseResponseAsync() => Task.CompletedTask;

    private protected virtual Task OnAbortAsync(DicomAbortSource source, DicomAbortReason reason) =>
        TryAsync(() =>
        {
            (this as IDicomService)?.OnReceiveAbort(source, reason);
            return Task.CompletedTask;
        });

    private void Expect(PduType type)
    {
        var isExpected = State switch
        {
            AssociationState.AwaitingRequest => type is PduType.AssociateRequest,
            AssociationState.AwaitingAccept => type is PduType.AssociateAccept or PduType.AssociateReject,
            AssociationState.Established => type is PduType.Data or PduType.ReleaseRequest,
            AssociationState.AwaitingReleaseResponse => type is PduType.Data or PduType.ReleaseResponse or PduType.ReleaseRequest,
            AssociationState.Closing => true,
            _ => false,
        };
        if (!isExpected && type != PduType.Abort)
        {
            throw new PduException(DicomAbortReason.UnexpectedPDU, $"A PDU of type {(byte)type} is not expected in state {State}");
        }
    }

    private async Task HandleAsync(PduType type, ReadOnlyMemory<byte> body)
    {
        switch (type)
        {
            case PduType.Abort:
                State = AssociationState.Closing;
                IsLastToClose = false;
                DropIncoming();
                var abort = FixedPdu.ReadAbort(body.Span);
                await OnAbortAsync(abort.Source, abort.Reason);
                break;
            case var _ when State == AssociationState.Closing:
                break;
            case PduType.AssociateRequest:
                await HandleAssociateRequestAsync(body);
                break;
            case PduType.AssociateAccept:
                AssociatePduReader.Accept(body.Span, Association!);
                State = AssociationState.Established;
                await OnAssociateAcceptAsync();
                break;
            case PduType.AssociateReject:
                State = AssociationState.Closing;
                IsLastToClose = false;
                var reject = FixedPdu.ReadReject(body.Span);
                await OnAssociateRejectAsync(reject.Result, reject.Source, reject.Reason);
                break;
            case PduType.Data:
                await HandleDataAsync(body);
                break;
            case PduType.ReleaseRequest:
                await HandleReleaseRequestAsync();
                break;
            case PduType.ReleaseResponse:
                State = AssociationState.Closing;
                IsLastToClose = false;
                await OnReleaseResponseAsync();
                break;
        }
    }

    private async Task HandleAssociateRequestAsync(ReadOnlyMemory<byte> body)
    {
        var association = AssociatePduReader.Request(body.Span, out var extras);
        association.RemoteHost = _network.RemoteHost;
        association.RemotePort = _network.RemotePort;
        Association = association;
        _requestHadAsyncOps = extras.HasAsyncOps;
        State = AssociationState.AwaitingReply;
        if ((extras.ProtocolVersion & 1) == 0)
        {
            await SendAssociationRejectAsync(
                DicomRejectResult.Permanent, DicomRejectSource.ServiceProviderACSE, DicomRejectReason.ProtocolVersionNotSupported);
        }
        else if (extras.ApplicationContext != ItemType.DicomApplicationContext)
        {
            await SendAssociationRejectAsync(
                DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.ApplicationContextNotSupported);
        }
        else if (TryEnter is { } tryEnter && !tryEnter())
        {
            await SendAssociationRejectAsync(
                DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.LocalLimitExceeded);
        }
        else
        {
            await DecideAsync(association);
            Entered?.Invoke(State == AssociationState.Established);
        }
    }

    private async Task DecideAsync(DicomAssociation association)
    {
        if (this is IDicomServiceProvider provider && !await TryAsync(() => provider.OnReceiveAssociationRequestAsync(association))
            && State == AssociationState.AwaitingReply)
        {
            await SendAssociationRejectAsync(
                DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.TemporaryCongestion);
        }
    }

    private async Task HandleReleaseRequestAsync()
    {
        DropIncoming();
        if (State == AssociationState.AwaitingReleaseResponse)
        {
            // Both sides asked at once (PS3.8 9.2.2, AR-8): answer, and go on waiting for our own response.
            await _writer.SendAsync(FixedPdu.ReleaseResponse());
            return;
        }

        State = AssociationState.AwaitingReleaseReply;
        await CancelAllAsync();
        await AnswerAllAsync(ServiceTimers.Artim);
        if (this is IDicomServiceProvider provider)
        {
            await TryAsync(provider.OnReceiveAssociationReleaseRequestAsync);
        }

        await SendAssociationReleaseResponseAsync();
    }
}
