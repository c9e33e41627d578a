using FellowOakDicom.Network.Client.EventArguments;
using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network.Client;

// From waiting requests to associations.
internal sealed partial class DicomClient
{
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task SendAsync(CancellationToken cancellationToken, DicomClientCancellationMode cancellationMode)
    {
        if (Interlocked.Exchange(ref _isSending, 1) == 1)
        {
            throw new DicomNetworkException("The client is sending already");
        }

        try
        {
            while (!_requests.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await SendOnOneAssociationAsync(cancellationMode, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _isSending, 0);
        }
    }

    private void Enqueue(DicomRequest request)
    {
        _requests.Enqueue(request);
        Interlocked.Exchange(ref _arrival, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task SendOnOneAssociationAsync(DicomClientCancellationMode mode, CancellationToken cancellationToken)
    {
        var connection = await AssociateAsync(cancellationToken);
        var isReleased = false;
        try
        {
            AssociationAccepted?.Invoke(this, new AssociationAcceptedEventArgs(connection.Association!));
            await ExchangeAllAsync(connection, cancellationToken);
            isReleased = await ReleaseAsync(connection);
        }
        catch (OperationCanceledException) when (mode == DicomClientCancellationMode.ImmediatelyReleaseAssociation)
        {
            isReleased = await connection.TryCancelAsync(ReleaseLimit) && await ReleaseAsync(connection);
            throw;
        }
        finally
        {
            if (!isReleased)
            {
                await connection.AbortAsync();
            }

            await connection.CloseAsync();
        }

        if (isReleased)
        {
            AssociationReleased?.Invoke(this, EventArgs.Empty);
        }
    }

    private async Task ExchangeAllAsync(ClientConnection connection, CancellationToken cancellationToken)
    {
        var room = Math.Max(1, ClientOptions.MaximumNumberOfRequestsPerAssociation ?? int.MaxValue);
        var exchanges = new List<Task>();
        Task? linger = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await EndFinishedAsync(exchanges);
            var arrival = Volatile.Read(ref _arrival).Task;
            if (room > 0 && exchanges.Count < connection.Window && TryTake(connection) is { } request)
            {
                room--;
                linger = null;
                exchanges.Add(await connection.StartAsync(request, cancellationToken));
            }
            else if (exchanges.Count > 0)
            {
                await Task.WhenAny([.. exchanges, arrival]).WaitAsync(cancellationToken);
            }
            else if (room == 0 || !_requests.IsEmpty || connection.Over.IsCompleted || linger is { IsCompleted: true })
            {
                return;
            }
            else
            {
                linger ??= Task.Delay(TimeSpan.FromMilliseconds(ClientOptions.AssociationLingerTimeoutInMs), dependencies.Time, cancellationToken);
                await Task.WhenAny(linger, arrival, connection.Over);
            }
        }
    }

    /// <summary>Takes out what is over; throws when it failed.</summary>
    private static async Task EndFinishedAsync(List<Task> exchanges)
    {
        for (var i = exchanges.Count - 1; i >= 0; i--)
        {
            if (exchanges[i].IsCompleted)
            {
                var exchange = exchanges[i];
                exchanges.RemoveAt(i);
                await exchange;
            }
        }
    }

    /// <summary>The first of the waiting requests, unless it needs an association of its own.</summary>
    private DicomRequest? TryTake(ClientConnection connection) =>
        _requests.TryPeek(out var request) && connection.HasProposed(request) && _requests.TryDequeue(out request) ? request : null;

    private async Task<ClientConnection> AssociateAsync(CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromMilliseconds(ClientOptions.AssociationRequestTimeoutInMs);
        var attempts = ClientOptions.MaximumNumberOfConsecutiveTimedOutAssociationRequests;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AssociateAsync(limit, cancellationToken);
            }
            catch (TimeoutException)
            {
                var milliseconds = ClientOptions.AssociationRequestTimeoutInMs;
                AssociationRequestTimedOut?.Invoke(this, new AssociationRequestTimedOutEventArgs(milliseconds, attempt, attempts));
                if (attempt >= attempts)
                {
                    throw new DicomAssociationRequestTimedOutException(milliseconds, attempt);
                }
            }
            catch (DicomAssociationRejectedException rejection)
            {
                AssociationRejected?.Invoke(
                    this, new AssociationRejectedEventArgs(rejection.RejectResult, rejection.RejectSource, rejection.RejectReason));
                throw;
            }
        }
    }

    private async Task<ClientConnection> AssociateAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var association = Propose();
        var connection = new ClientConnection(await ConnectAsync(limit, cancellationToken), FallbackEncoding, Logger, dependencies)
        {
            Options = ServiceOptions,
            OnNEventReportRequest = request => OnNEventReportRequest?.Invoke(request),
            OnTimedOut = (request, time) => RequestTimedOut?.Invoke(this, new RequestTimedOutEventArgs(request, time)),
        };
        try
        {
            await connection.AssociateAsync(association, _asyncOps?.Invoked, limit, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.AbortAsync();
            await connection.CloseAsync();
            throw;
        }
    }

    private async Task<INetworkStream> ConnectAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, dependencies.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await target.ConnectAsync(ServiceOptions.TcpNoDelay, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task<bool> ReleaseAsync(ClientConnection connection)
    {
        try
        {
            await connection.ReleaseAsync(ReleaseLimit);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or DicomNetworkException)
        {
            // Every request has its response: how the association ends changes nothing of that.
            return false;
        }
    }

    private DicomAssociation Propose()
    {
        var association = new DicomAssociation(CallingAe, CalledAe);
        if (_asyncOps is { } window)
        {
            (association.MaxAsyncOpsInvoked, association.MaxAsyncOpsPerformed) = window;
        }

        foreach (var request in _requests)
        {
            RequestContext.Propose(association.PresentationContexts, request, AdditionalPresentationContexts);
        }

        foreach (var extra in AdditionalPresentationContexts)
        {
            association.PresentationContexts.Add(extra.AbstractSyntax, extra.UserRole, extra.ProviderRole, [.. extra.GetTransferSyntaxes()]);
        }

        return association;
    }
}
