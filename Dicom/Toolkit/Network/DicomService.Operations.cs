using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

// Requests of the peer. A handler runs beside the read loop, so that the peer can still cancel, abort and answer; the next request waits for it.
public abstract partial class DicomService
{
    private readonly RunningOperations _operations = new();
    private Task _notifying = Task.CompletedTask;

    /// <summary>What the service says to a request; null when it serves none of this kind.</summary>
    private protected virtual Task<DicomResponse?>? Handle(DicomRequest request) => (request, this) switch
    {
        (DicomCEchoRequest echo, IDicomCEchoProvider provider) => WidenAsync(provider.OnCEchoRequestAsync(echo)),
        (DicomCStoreRequest store, IDicomCStoreProvider provider) => WidenAsync(provider.OnCStoreRequestAsync(store)),
        (DicomNActionRequest action, IDicomNServiceProvider provider) => WidenAsync(provider.OnNActionRequestAsync(action)),
        (DicomNEventReportRequest report, IDicomNServiceProvider provider) => WidenAsync(provider.OnNEventReportRequestAsync(report)),
        (DicomNCreateRequest create, IDicomNServiceProvider provider) => WidenAsync(provider.OnNCreateRequestAsync(create)),
        (DicomNSetRequest set, IDicomNServiceProvider provider) => WidenAsync(provider.OnNSetRequestAsync(set)),
        (DicomNGetRequest get, IDicomNServiceProvider provider) => WidenAsync(provider.OnNGetRequestAsync(get)),
        (DicomNDeleteRequest delete, IDicomNServiceProvider provider) => WidenAsync(provider.OnNDeleteRequestAsync(delete)),
        _ => null,
    };

    /// <summary>Whether the service may have something to say to a request; else its data set is not looked at.</summary>
    private protected virtual bool Serves(DicomRequest request) => request switch
    {
        DicomCEchoRequest => this is IDicomCEchoProvider,
        DicomCStoreRequest => this is IDicomCStoreProvider,
        UnsupportedRequest => false,
        _ => this is IDicomNServiceProvider,
    };

    private protected static async Task<DicomResponse?> WidenAsync<T>(Task<T> response)
        where T : DicomResponse => await response;

    /// <summary>Completes when all requests of the peer are answered, or the time is up.</summary>
    private protected async Task AnswerAllAsync(TimeSpan limit)
    {
        try
        {
            await _operations.IdleAsync().WaitAsync(limit, _time);
        }
        catch (TimeoutException)
        {
            Logger.HandlerTooSlow(limit.TotalSeconds);
        }
    }

    /// <summary>A class that is not served, or an operation that is not (PS3.7 annex C).</summary>
    private static DicomStatus NotServed(DicomRequest request) =>
        request is DicomCEchoRequest or DicomCStoreRequest ? DicomStatus.SOPClassNotSupported : DicomStatus.UnrecognizedOperation;

    private async Task DispatchAsync(DicomRequest request, IncomingMessage message)
    {
        await _operations.RoomAsync(1);
        _operations.Add(PerformAsync(request, message));
    }

    private async Task PerformAsync(DicomRequest request, IncomingMessage message)
    {
        try
        {
            var answer = await AnswerAsync(request, message.Refusal);
            answer.PresentationContext ??= message.Context;
            await SendResponseAsync(answer);
            if (request is DicomNActionRequest action && answer.Status.State != DicomState.Failure && this is IDicomNEventReportRequestProvider provider)
            {
                _notifying = NotifyAsync(_notifying, provider, action);
            }
        }
        catch (DicomNetworkException)
        {
            // The connection is gone, and the read loop knows why.
        }
        catch (Exception exception)
        {
            // A response that cannot be sent, for one: the peer must not wait for it.
            Logger.AssociationFailed(exception.GetType().Name);
            await SendAbortAsync(DicomAbortSource.ServiceProvider, DicomAbortReason.NotSpecified);
        }
    }

    private async Task NotifyAsync(Task before, IDicomNEventReportRequestProvider provider, DicomNActionRequest action)
    {
        await before;
        await TryAsync(() => provider.OnSendNEventReportRequestAsync(action));
    }

    private async Task<DicomResponse> AnswerAsync(DicomRequest request, DicomStatus? refusal)
    {
        if (refusal is not null)
        {
            return request.CreateResponse(refusal);
        }

        try
        {
            return Handle(request) is { } answer
                ? await answer ?? request.CreateResponse(DicomStatus.ProcessingFailure)
                : request.CreateResponse(NotServed(request));
        }
        catch (Exception exception)
        {
            Logger.HandlerFailed(exception.GetType().Name);
            return request.CreateResponse(FailureStatus.Of(exception));
        }
    }
}
