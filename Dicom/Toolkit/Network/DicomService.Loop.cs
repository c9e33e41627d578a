using System.Net.Sockets;
using FellowOakDicom.Network.Pdu;

namespace FellowOakDicom.Network;

// The read loop: PDUs in, state transitions of PS3.8 9.2 out.
public abstract partial class DicomService
{
    /// <summary>Time for one PDU in an association; a requestor waits as long as its requests allow.</summary>
    private protected virtual TimeSpan IdleLimit => ServiceTimers.Idle;

    /// <summary>True when the peer is the one to close the connection: after a release response or a rejection of ours, or an abort by us.</summary>
    private protected bool IsLastToClose { get; set; } = true;

    /// <summary>Serves the connection until it is closed. Never throws.</summary>
    /// <param name="stopping">Aborts the association as soon as no handler runs.</param>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var writing = _writer.RunAsync();
        Exception? failure = null;
        try
        {
            failure = await ReadUntilClosedAsync(stopping);
        }
        finally
        {
            _isConnected = false;
            DropIncoming();
            _writer.Complete();
            _network.Dispose();
            await writing;
            _reader.Dispose();
            await NotifyClosedAsync(failure);
        }
    }

    private protected virtual Task OnAssociateAcceptAsync() => Task.CompletedTask;

    private protected virtual Task OnAssociateRejectAsync(DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason) =>
        Task.CompletedTask;

    private protected virtual Task OnReleaseResponseAsync() => Task.CompletedTask;

    private protected virtual Task OnAbortAsync(DicomAbortSource source, DicomAbortReason reason)
    {
        (this as IDicomService)?.OnReceiveAbort(source, reason);
        return Task.CompletedTask;
    }

    /// <summary>The peer broke the protocol and the association is being aborted. The end of the connection may take its time.</summary>
    private protected virtual void OnProtocolError(DicomNetworkException error)
    {
    }

    private protected virtual Task OnClosedAsync(Exception? failure)
    {
        (this as IDicomService)?.OnConnectionClosed(failure);
        return Task.CompletedTask;
    }

    private async Task<Exception?> ReadUntilClosedAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _readTimer.Token);
        try
        {
            _readTimer.Start(ServiceTimers.Artim);
            while (State != AssociationState.Closing)
            {
                if (!await ReadPduAsync(ending.Token))
                {
                    return new DicomNetworkException("The peer closed the connection without a release");
                }
            }

            DropIncoming();
            if (IsLastToClose)
            {
                _readTimer.Start(ServiceTimers.Artim);
                await _reader.DrainAsync(ending.Token);
            }

            return null;
        }
        catch (PduException exception)
        {
            return await RefuseAsync(exception, ending.Token);
        }
        catch (OperationCanceledException)
        {
            return await EndAsync(stopping);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or DicomNetworkException)
        {
            return State == AssociationState.Closing ? null : new DicomNetworkException("The connection was lost", exception);
        }
    }

    private async Task<bool> ReadPduAsync(CancellationToken cancellationToken)
    {
        if (State != AssociationState.AwaitingRequest)
        {
            _readTimer.Start(_hasSendFailed ? ServiceTimers.LastWords : State == AssociationState.AwaitingReply ? ServiceTimers.Artim : IdleLimit);
        }

        if (await _reader.ReadHeaderAsync(cancellationToken) is not { } header)
        {
            return State == AssociationState.Closing;
        }

        Expect(header.Type);
        var body = await _reader.ReadBodyAsync(header, cancellationToken);
        _readTimer.Stop();
        await HandleAsync(header.Type, body);
        return true;
    }

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
        else if (IsOneTooMany)
        {
            await SendAssociationRejectAsync(
                DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.LocalLimitExceeded);
        }
        else if (this is IDicomServiceProvider provider && !await TryAsync(() => provider.OnReceiveAssociationRequestAsync(association))
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
        if (this is IDicomServiceProvider provider)
        {
            await TryAsync(provider.OnReceiveAssociationReleaseRequestAsync);
        }

        await SendAssociationReleaseResponseAsync();
    }

    private async Task<bool> TryAsync(Func<Task> handler)
    {
        try
        {
            await handler();
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Logger.HandlerFailed(exception.GetType().Name);
            return false;
        }
    }

    private async Task<Exception> RefuseAsync(PduException exception, CancellationToken ending)
    {
        Logger.ProtocolError(exception.Message);
        DropIncoming();
        OnProtocolError(exception);
        if (exception.IsForeign && State == AssociationState.AwaitingRequest)
        {
            return exception;
        }

        await SendAbortAsync(DicomAbortSource.ServiceProvider, exception.Reason);
        try
        {
            await _reader.DrainAsync(ending);
        }
        catch (Exception drained) when (drained is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The peer had its time to take the abort.
        }

        return exception;
    }

    /// <summary>Time is up, we are to stop, or the write side failed.</summary>
    private async Task<Exception?> EndAsync(CancellationToken stopping)
    {
        var state = State;
        if (state == AssociationState.Closing)
        {
            return null;
        }

        DropIncoming();
        if (_hasSendFailed)
        {
            return new DicomNetworkException("The connection was lost while sending");
        }

        if (state != AssociationState.AwaitingRequest)
        {
            await SendAbortAsync(DicomAbortSource.ServiceProvider, DicomAbortReason.NotSpecified);
        }

        return new DicomNetworkException(stopping.IsCancellationRequested ? "The service was stopped" : "The peer was silent for too long");
    }

    /// <summary>The write side is gone. What the peer said before, an abort perhaps, is still read.</summary>
    private void OnSendFailed()
    {
        _hasSendFailed = true;
        _readTimer.Start(ServiceTimers.LastWords);
    }

    private async Task NotifyClosedAsync(Exception? failure)
    {
        try
        {
            await OnClosedAsync(failure);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Logger.HandlerFailed(exception.GetType().Name);
        }
    }
}
