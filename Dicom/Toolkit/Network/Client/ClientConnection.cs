using System.Collections.Concurrent;
using System.Text;
using FellowOakDicom.Network.Dimse;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network.Client;

/// <summary>The requestor's side of one association.</summary>
internal sealed class ClientConnection(INetworkStream stream, Encoding? fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
    : DicomService(stream, fallbackEncoding, logger, dependencies)
{
    /// <summary>Outstanding requests where neither side names a limit.</summary>
    private const int WidestWindow = 16;

    private readonly TimeProvider _time = dependencies.Time;
    private readonly TaskCompletionSource _associated = NewSource();
    private readonly TaskCompletionSource _released = NewSource();
    private readonly TaskCompletionSource _over = NewSource();
    private readonly ConcurrentDictionary<DicomRequest, TaskCompletionSource> _exchanges = new();
    private volatile Exception? _failure;
    private Task _running = Task.CompletedTask;

    /// <summary>Answers events; null or without a result: they are not served.</summary>
    public Func<DicomNEventReportRequest, Task<DicomNEventReportResponse>?>? OnNEventReportRequest { get; init; }

    /// <summary>Told of each request whose time ran out.</summary>
    public Action<DicomRequest, TimeSpan>? OnTimedOut { get; init; }

    /// <summary>Requests that may be outstanding at a time, as negotiated.</summary>
    public int Window { get; private set; } = 1;

    /// <summary>Completes when the association is over for any reason.</summary>
    public Task Over => _over.Task;

    /// <summary>A requestor waits as long as its requests and options say.</summary>
    private protected override TimeSpan IdleLimit => Timeout.InfiniteTimeSpan;

    /// <summary>True when the association was asked for with this kind of request in mind, whether or not it was granted.</summary>
    public bool HasProposed(DicomRequest request) => Association!.PresentationContexts.Any(c => c.AbstractSyntax == request.SOPClassUID);

    /// <param name="association">To be proposed.</param>
    /// <param name="window">Outstanding requests to propose, 0 for no limit; null: no window is proposed.</param>
    /// <param name="limit">Time for the answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    public async Task AssociateAsync(DicomAssociation association, int? window, TimeSpan limit, CancellationToken cancellationToken)
    {
        Propose(association);
        _running = Task.Run(() => RunAsync(CancellationToken.None), CancellationToken.None);
        await SendAsync(() => SendAssociationRequestAsync(association, window.HasValue));
        await _associated.Task.WaitAsync(limit, _time, cancellationToken);
        Window = window is not { } proposed ? 1 : (proposed, association.MaxAsyncOpsInvoked) switch
        {
            (0, 0) => WidestWindow,
            (0, var accepted) => Math.Min(accepted, WidestWindow),
            (_, 0) => proposed,
            var (own, accepted) => Math.Min(own, accepted),
        };
    }

    /// <summary>
    /// Sends a request. The task returned at the end of sending completes with the last response, of which the request's callback knows by then. A
    /// request without an accepted context is answered at once.
    /// </summary>
    public async Task<Task> StartAsync(DicomRequest request, CancellationToken cancellationToken)
    {
        if (RequestContext.Find(Association!, request, isRequestor: true) is null)
        {
            request.PostResponse(request.CreateResponse(DicomStatus.SOPClassNotSupported));
            return Task.CompletedTask;
        }

        var exchange = NewSource();
        _exchanges[request] = exchange;
        if (_failure is { } failure)
        {
            throw failure;
        }

        await SendAsync(() => SendRequestAsync(request)).WaitAsync(cancellationToken);
        return exchange.Task;
    }

    /// <summary>Ends queries under way by asking the peer to stop. False: something else is under way, or the peer does not stop in time.</summary>
    public async Task<bool> TryCancelAsync(TimeSpan limit)
    {
        var exchanges = _exchanges.ToArray();
        if (exchanges.Any(exchange => exchange.Key is not DicomCFindRequest))
        {
            return false;
        }

        try
        {
            foreach (var (request, _) in exchanges)
            {
                await SendCancelAsync(request);
            }

            await Task.WhenAll(exchanges.Select(exchange => exchange.Value.Task)).WaitAsync(limit, _time);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or DicomNetworkException)
        {
            return false;
        }
    }

    /// <summary>Releases the association.</summary>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    public async Task ReleaseAsync(TimeSpan limit)
    {
        await AnswerAllAsync(limit);
        await SendAsync(SendReleaseRequestAsync);
        await _released.Task.WaitAsync(limit, _time);
    }

    /// <summary>Aborts the association as its user.</summary>
    public Task AbortAsync() => SendAbortAsync(DicomAbortSource.ServiceUser, DicomAbortReason.NotSpecified);

    /// <summary>Closes the connection and waits for the loops to end.</summary>
    public async Task CloseAsync()
    {
        CloseTransport();
        await _running;
        Dispose();
    }

    private protected override Task<DicomResponse?>? Handle(DicomRequest request) =>
        request is DicomNEventReportRequest report && OnNEventReportRequest?.Invoke(report) is { } answer ? WidenAsync(answer) : null;

    private protected override bool Serves(DicomRequest request) => request is DicomNEventReportRequest;

    private protected override Task OnAssociateAcceptAsync()
    {
        _associated.TrySetResult();
        return Task.CompletedTask;
    }

    private protected override Task OnAssociateRejectAsync(DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason)
    {
        Fail(new DicomAssociationRejectedException(result, source, reason));
        return Task.CompletedTask;
    }

    private protected override Task OnReleaseResponseAsync()
    {
        _released.TrySetResult();
        return Task.CompletedTask;
    }

    private protected override Task OnAbortAsync(DicomAbortSource source, DicomAbortReason reason)
    {
        Fail(new DicomAssociationAbortedException(source, reason));
        return Task.CompletedTask;
    }

    private protected override void OnProtocolError(DicomNetworkException error) => Fail(new DicomNetworkException(error.Message));

    private protected override Task OnClosedAsync(Exception? failure)
    {
        Fail(failure as DicomNetworkException ?? new DicomNetworkException("The connection is closed", failure));
        return Task.CompletedTask;
    }

    private protected override Task OnResponseAsync(DicomRequest request, DicomResponse response)
    {
        var isLast = response.Status.State != DicomState.Pending;
        var exchange = isLast ? (_exchanges.TryRemove(request, out var ended) ? ended : null) : _exchanges.GetValueOrDefault(request);
        try
        {
            request.PostResponse(response);
            if (isLast)
            {
                exchange?.TrySetResult();
            }
        }
        catch (Exception exception)
        {
            // The callback's own failure is the sender's to hear of.
            exchange?.TrySetException(exception);
        }

        return Task.CompletedTask;
    }

    private protected override void OnRequestTimedOut(DicomRequest request, TimeSpan limit)
    {
        try
        {
            base.OnRequestTimedOut(request, limit);
            OnTimedOut?.Invoke(request, limit);
        }
        finally
        {
            Fail(new DicomRequestTimedOutException(request, limit));
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Everyone who waits learns the first reason there was.</summary>
    private void Fail(Exception failure)
    {
        _failure ??= failure;
        _over.TrySetResult();
        _associated.TrySetException(_failure);
        _released.TrySetException(_failure);
        foreach (var exchange in _exchanges.Values)
        {
            exchange.TrySetException(_failure);
        }
    }

    /// <summary>When sending fails, the read loop knows the better reason: it may still find an abort.</summary>
    private async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (DicomNetworkException)
        {
            await _over.Task;
            throw _failure ?? new DicomNetworkException("The connection is closed");
        }
    }
}
