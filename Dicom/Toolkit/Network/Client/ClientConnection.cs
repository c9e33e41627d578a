using FellowOakDicom.Network.Dimse;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network.Client;

/// <summary>The requestor's side of one association: one request at a time.</summary>
internal sealed class ClientConnection(INetworkStream stream, ILogger logger, DicomServiceDependencies dependencies)
    : DicomService(stream, null, logger, dependencies)
{
    private readonly TimeProvider _time = dependencies.Time;
    private readonly TaskCompletionSource _associated = NewSource();
    private readonly TaskCompletionSource _released = NewSource();
    private readonly TaskCompletionSource _over = NewSource();
    private volatile TaskCompletionSource<DicomResponse>? _response;
    private volatile Exception? _failure;
    private Task _running = Task.CompletedTask;

    /// <summary>A requestor waits as long as its requests and options say.</summary>
    private protected override TimeSpan IdleLimit => Timeout.InfiniteTimeSpan;

    /// <summary>Answers events; null or without a result: they are not served.</summary>
    public Func<DicomNEventReportRequest, Task<DicomNEventReportResponse>?>? OnNEventReportRequest { get; init; }

    /// <summary>True from the first byte of a request to the last one of its response.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>True when the association was asked for with this kind of request in mind, whether or not it was granted.</summary>
    public bool HasProposed(DicomRequest request) => Association!.PresentationContexts.Any(c => c.AbstractSyntax == request.SOPClassUID);

    /// <exception cref="TimeoutException">No answer in time.</exception>
    public async Task AssociateAsync(DicomAssociation association, bool proposeAsyncOps, TimeSpan limit, CancellationToken cancellationToken)
    {
        Propose(association);
        _running = Task.Run(() => RunAsync(CancellationToken.None), CancellationToken.None);
        await SendAsync(() => SendAssociationRequestAsync(association, proposeAsyncOps));
        await _associated.Task.WaitAsync(limit, _time, cancellationToken);
    }

    /// <summary>Sends a request and hands the response to its callback.</summary>
    /// <exception cref="TimeoutException">No response in time.</exception>
    public async Task ExchangeAsync(DicomRequest request, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (RequestContext.Find(Association!, request, isRequestor: true) is null)
        {
            request.PostResponse(request.CreateResponse(DicomStatus.SOPClassNotSupported));
            return;
        }

        var response = new TaskCompletionSource<DicomResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _response = response;
        if (_failure is { } failure)
        {
            throw failure;
        }

        IsBusy = true;
        await SendAsync(() => SendRequestAsync(request)).WaitAsync(cancellationToken);
        await response.Task.WaitAsync(limit, _time, cancellationToken);
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
        IsBusy = response.Status.State == DicomState.Pending;
        try
        {
            request.PostResponse(response);
        }
        catch (Exception exception)
        {
            _response?.TrySetException(exception);
        }

        if (response.Status.State != DicomState.Pending)
        {
            _response?.TrySetResult(response);
        }

        return Task.CompletedTask;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Everyone who waits learns the first reason there was.</summary>
    private void Fail(Exception failure)
    {
        _failure ??= failure;
        _over.TrySetResult();
        _associated.TrySetException(_failure);
        _released.TrySetException(_failure);
        _response?.TrySetException(_failure);
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
