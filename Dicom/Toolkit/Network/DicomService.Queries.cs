using System.Collections.Concurrent;
using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

// Queries of the peer: many responses to one request, until it is cancelled (PS3.7 9.1.2, PS3.4 C.4.1).
public abstract partial class DicomService
{
    private readonly ConcurrentDictionary<ushort, CancellationTokenSource> _queries = new();

    private async Task FindAsync(DicomCFindRequest request, IDicomCFindProvider provider, DicomPresentationContext context)
    {
        var stop = new CancellationTokenSource();
        _queries[request.MessageID] = stop;
        if (!_isConnected)
        {
            await stop.CancelAsync();
        }

        try
        {
            // A provider that never waits must not keep the read loop from seeing a cancel.
            await Task.Yield();
            var last = await MatchAsync(request, provider, context, stop.Token);
            last.PresentationContext ??= context;
            await SendResponseAsync(last);
        }
        finally
        {
            _queries.TryRemove(request.MessageID, out _);
        }
    }

    /// <summary>Sends the matches. Returns the last response, which is no match.</summary>
    private async Task<DicomCFindResponse> MatchAsync(
        DicomCFindRequest request, IDicomCFindProvider provider, DicomPresentationContext context, CancellationToken stop)
    {
        var isSending = false;
        try
        {
            await foreach (var response in provider.OnCFindRequestAsync(request).WithCancellation(stop))
            {
                if (response.Status.State != DicomState.Pending)
                {
                    return response;
                }

                if (stop.IsCancellationRequested)
                {
                    break;
                }

                response.PresentationContext ??= context;
                isSending = true;
                await SendResponseAsync(response);
                isSending = false;
            }

            return new DicomCFindResponse(request, stop.IsCancellationRequested ? DicomStatus.Cancel : DicomStatus.Success);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new DicomCFindResponse(request, DicomStatus.Cancel);
        }
        catch (Exception exception) when (!isSending || exception is not DicomNetworkException)
        {
            Logger.HandlerFailed(exception.GetType().Name);
            return new DicomCFindResponse(request, DicomStatus.QueryRetrieveUnableToProcess);
        }
    }

    private Task CancelAsync(ushort messageId) =>
        _queries.TryGetValue(messageId, out var query) ? query.CancelAsync() : Task.CompletedTask;

    /// <summary>Nobody is there to hear more matches.</summary>
    private Task CancelAllAsync() => Task.WhenAll(_queries.Values.Select(query => query.CancelAsync()));
}
