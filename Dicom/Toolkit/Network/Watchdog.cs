namespace FellowOakDicom.Network;

/// <summary>Cancels a token when it is not stopped in time. Once expired it stays so.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly ITimer _timer;

    public Watchdog(TimeProvider time) => _timer = time.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(), _source, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public CancellationToken Token => _source.Token;

    public void Start(TimeSpan limit) => _timer.Change(limit, Timeout.InfiniteTimeSpan);

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    // The source holds nothing that needs disposing, and a callback of the timer may still be on its way to it.
    public void Dispose() => _timer.Dispose();
}
