using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace HSENet.Dicom.Receiving;

/// <summary>What the connections of one <see cref="StoreScp"/> share: settings, the receiver, and the list of what still runs.</summary>
internal sealed class StoreScpState : IDisposable
{
    private readonly ConcurrentDictionary<StoreScpService, Task> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _isDraining;

    public StoreScpState(StoreScpOptions options, IInstanceReceiver receiver, ILogger log)
    {
        Options = options;
        Receiver = receiver;
        Log = log;
        Stopping = _stopping.Token;
    }

    public StoreScpOptions Options { get; }

    public IInstanceReceiver Receiver { get; }

    public ILogger Log { get; }

    /// <summary>Set when what still runs must end.</summary>
    public CancellationToken Stopping { get; }

    public bool IsDraining => _isDraining;

    /// <param name="service">A connection with an accepted association.</param>
    /// <param name="ended">Completes when the receiver has been told of its end.</param>
    public void Add(StoreScpService service, Task ended) => _running[service] = ended;

    /// <summary>Null when it has ended.</summary>
    public StoreScpService? Find(Guid associationId) => _running.Keys.FirstOrDefault(service => service.AssociationId == associationId);

    public void Remove(StoreScpService service) => _running.TryRemove(service, out _);

    /// <summary>True when every association ended by itself within the time.</summary>
    public Task<bool> DrainAsync(TimeSpan time)
    {
        _isDraining = true;
        return AllEndedAsync(time);
    }

    public async Task AbortAllAsync(TimeSpan time)
    {
        try
        {
            await Task.WhenAll(_running.Keys.Select(service => service.StopAsync())).WaitAsync(time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.AbortUnanswered(_running.Count);
        }
    }

    /// <summary>Cancels what the receiver still does for ended associations and waits for it.</summary>
    public async Task FinishAsync(TimeSpan time)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await AllEndedAsync(time).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<bool> AllEndedAsync(TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        try
        {
            while (!_running.IsEmpty)
                await Task.WhenAll(_running.Values).WaitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return _running.IsEmpty;
        }
    }
}
