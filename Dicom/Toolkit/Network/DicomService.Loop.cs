using System.Net.Sockets;
using FellowOakDicom.Network.Pdu;

namespace FellowOakDicom.Network;

// The read loop: from the first byte to the last, and every way to end.
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
            await _operations.IdleAsync();
            await NotifyClosedAsync(failure);
            await _notifying;
        }
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
        catch (Exception exception)
        {
            // A fault of our own ends this association, and nothing else.
            Logger.AssociationFailed(exception.GetType().Name);
            DropIncoming();
            await SendAbortAsync(DicomAbortSource.ServiceProvider, DicomAbortReason.NotSpecified);
            return new DicomNetworkException("The association failed", exception);
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

    private async Task<bool> TryAsync(Func<Task> handler)
    {
        try
        {
            await handler();
            return true;
        }
        catch (Exception exception)
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
        await _operations.IdleAsync();
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
        catch (Exception exception)
        {
            Logger.HandlerFailed(exception.GetType().Name);
        }
    }
}
