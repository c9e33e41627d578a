namespace FellowOakDicom.Network;

/// <summary>Cancels a token when it is not stopped in time. Once expired it stays so.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Func<bool>? _mayExpire;
    private readonly ITimer _timer;
    private long _limitTicks;

    /// <param name="time">What the limit is counted in.</param>
    /// <param name="mayExpire">Asked when time is up; false: it begins again.</param>
    public Watchdog(TimeProvider time, Func<bool>? mayExpire = null)
    {
        _mayExpire = mayExpire;
        _timer = time.CreateTimer(static state => ((Watchdog)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    public void Start(TimeSpan limit)
    {
        Volatile.Write(ref _limitTicks, limit.Ticks);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    // The source holds nothing that needs disposing, and a callback of the timer may still be on its way to it.
    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        if (_mayExpire?.Invoke() ?? true)
        {
            _source.Cancel();
        }
        else
        {
            _timer.Change(TimeSpan.FromTicks(Volatile.Read(ref _limitTicks)), Timeout.InfiniteTimeSpan);
        }
    }
}
