using System.Collections.Concurrent;
using FellowOakDicom.Network.Client.EventArguments;
using FellowOakDicom.Network.Dimse;
using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network.Client;

/// <summary>Opens associations for waiting requests.</summary>
internal sealed class DicomClient(
    ClientTarget target, DicomClientOptions clientOptions, DicomServiceOptions serviceOptions, DicomServiceDependencies dependencies)
    : IDicomClient
{
    private readonly ConcurrentQueue<DicomRequest> _requests = new();
    private (int Invoked, int Performed)? _asyncOps;
    private int _isSending;

    public event EventHandler<AssociationAcceptedEventArgs>? AssociationAccepted;

    public event EventHandler<AssociationRejectedEventArgs>? AssociationRejected;

    public event EventHandler? AssociationReleased;

    public string Host => target.Host;

    public int Port => target.Port;

    public ITlsInitiator? TlsInitiator => target.TlsInitiator;

    public string CallingAe => target.CallingAe;

    public string CalledAe => target.CalledAe;

    public ILogger Logger { get; set; } = dependencies.LoggerFactory.CreateLogger("FellowOakDicom.Network");

    public DicomServiceOptions ServiceOptions { get; } = serviceOptions;

    public DicomClientOptions ClientOptions { get; } = clientOptions;

    public List<DicomPresentationContext> AdditionalPresentationContexts { get; set; } = [];

    public DicomClientNEventReportRequestHandler? OnNEventReportRequest { get; set; }

    public bool IsSendRequired => !_requests.IsEmpty;

    public void NegotiateAsyncOps(int invoked = 0, int performed = 0) => _asyncOps = (invoked, performed);

    public Task AddRequestAsync(DicomRequest dicomRequest)
    {
        ArgumentNullException.ThrowIfNull(dicomRequest);
        _requests.Enqueue(dicomRequest);
        return Task.CompletedTask;
    }

    public Task AddRequestsAsync(IEnumerable<DicomRequest> dicomRequests)
    {
        ArgumentNullException.ThrowIfNull(dicomRequests);
        foreach (var request in dicomRequests)
        {
            _requests.Enqueue(request);
        }

        return Task.CompletedTask;
    }

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
        catch (OperationCanceledException) when (mode == DicomClientCancellationMode.ImmediatelyReleaseAssociation && !connection.IsBusy)
        {
            isReleased = await ReleaseAsync(connection);
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
        var limit = ServiceOptions.RequestTimeout ?? Timeout.InfiniteTimeSpan;
        var room = Math.Max(1, ClientOptions.MaximumNumberOfRequestsPerAssociation ?? int.MaxValue);
        var hasLingered = false;
        while (room > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_requests.TryPeek(out var request) && connection.HasProposed(request) && _requests.TryDequeue(out request))
            {
                room--;
                hasLingered = false;
                await ExchangeAsync(connection, request, limit, cancellationToken);
            }
            else if (!hasLingered && _requests.IsEmpty)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(ClientOptions.AssociationLingerTimeoutInMs), dependencies.Time, cancellationToken);
                hasLingered = true;
            }
            else
            {
                return;
            }
        }
    }

    private static async Task ExchangeAsync(ClientConnection connection, DicomRequest request, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExchangeAsync(request, limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            request.OnTimeout?.Invoke(request, new DicomRequest.OnTimeoutEventArgs(limit));
            throw new DicomRequestTimedOutException(request, limit);
        }
    }

    private async Task<ClientConnection> AssociateAsync(CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromMilliseconds(ClientOptions.AssociationRequestTimeoutInMs);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AssociateAsync(limit, cancellationToken);
            }
            catch (TimeoutException)
            {
                if (attempt >= ClientOptions.MaximumNumberOfConsecutiveTimedOutAssociationRequests)
                {
                    throw new DicomAssociationRequestTimedOutException(ClientOptions.AssociationRequestTimeoutInMs, attempt);
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
        var connection = new ClientConnection(await ConnectAsync(limit, cancellationToken), Logger, dependencies) 
        {
            Options = ServiceOptions,
            OnNEventReportRequest = request => OnNEventReportRequest?.Invoke(request),
        };
        try
        {
            await connection.AssociateAsync(association, _asyncOps.HasValue, limit, cancellationToken);
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
            await connection.ReleaseAsync(TimeSpan.FromMilliseconds(ClientOptions.AssociationReleaseTimeoutInMs));
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
