using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Faults.Site;

/// <summary>
/// Sends series as a scanner does: what was not answered with 0000 is sent again on another association until it was; and all of it, when
/// everything was answered and the association broke before its release.
/// </summary>
/// <param name="ports">Where the gateways listen; the next one is tried when one does not answer.</param>
internal sealed class Scanner(params int[] ports)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private int _turn;

    /// <summary>Instances that were answered with 0000 up to now, of every series.</summary>
    public int StoredCount => _stored;

    private int _stored;

    /// <summary>Returns when every instance was answered with 0000 and the last association was released.</summary>
    public async Task SendAsync(SentSeries series)
    {
        var began = DateTimeOffset.UtcNow;
        for (var isReleased = false; !series.IsComplete || !isReleased;)
        {
            if (DateTimeOffset.UtcNow - began > Deadline)
                throw new FaultException($"{series.Builder.Identity}: {series.Missing.Count} instances are not taken within {Deadline.TotalMinutes} min");
            try
            {
                isReleased = false;
                isReleased = await TryAsync(series);
            }
            catch (Exception e) when (e is DicomNetworkException or IOException or System.Net.Sockets.SocketException or OperationCanceledException or TimeoutException)
            {
                _turn++;
            }

            if (!series.IsComplete || !isReleased)
                await Task.Delay(Pause);
        }
    }

    /// <returns>Whether the release was confirmed: the client does not mind when it was not.</returns>
    private async Task<bool> TryAsync(SentSeries series)
    {
        var client = DicomClientFactory.Create("127.0.0.1", ports[_turn % ports.Length], false, "SCANNER", "HSENET");
        client.ServiceOptions.TcpNoDelay = true;
        client.ServiceOptions.RequestTimeout = TimeSpan.FromSeconds(60);
        client.ClientOptions.AssociationRequestTimeoutInMs = 30_000;
        client.ClientOptions.AssociationReleaseTimeoutInMs = 10_000;
        client.ClientOptions.AssociationLingerTimeoutInMs = 0;
        client.ClientOptions.MaximumNumberOfConsecutiveTimedOutAssociationRequests = 1;
        foreach (var slice in series.IsComplete ? Enumerable.Range(0, series.Builder.SliceCount) : series.Missing)
        {
            var request = new DicomCStoreRequest(new DicomFile(series.Builder.DataSet(slice)));
            request.OnResponseReceived = (_, response) =>
            {
                series.Answered(series.Builder.SliceUid(slice), response.Status.Code);
                if (response.Status.Code == 0)
                    Interlocked.Increment(ref _stored);
            };
            await client.AddRequestAsync(request);
        }

        var isReleased = false;
        client.AssociationReleased += (_, _) => isReleased = true;
        await client.SendAsync();
        return isReleased;
    }
}
