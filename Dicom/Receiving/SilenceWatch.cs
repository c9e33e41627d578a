using System.Diagnostics;

namespace HSENet.Dicom.Receiving;

/// <summary>
/// Notices a peer that has gone silent; the toolkit has no idle timeout of its own. Checked once a second, because the limits are not known yet
/// when the toolkit makes the service.
/// </summary>
internal sealed class SilenceWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Func<TimeSpan?> _limit;
    private readonly Action<TimeSpan> _onSilence;
    private readonly Timer _timer;
    private long _lastActivity = Stopwatch.GetTimestamp();
    private int _busy;

    /// <param name="limit">Silence allowed now; null: any.</param>
    /// <param name="onSilence">Called once, with the silence.</param>
    public SilenceWatch(Func<TimeSpan?> limit, Action<TimeSpan> onSilence)
    {
        _limit = limit;
        _onSilence = onSilence;
        _timer = new Timer(_ => Check(), null, Period, Period);
    }

    /// <summary>The peer has sent something.</summary>
    public void Touch() => Volatile.Write(ref _lastActivity, Stopwatch.GetTimestamp());

    /// <summary>The peer waits for us: its silence is right.</summary>
    public void Begin() => Interlocked.Increment(ref _busy);

    public void End()
    {
        Touch();
        Interlocked.Decrement(ref _busy);
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var silence = Stopwatch.GetElapsedTime(Volatile.Read(ref _lastActivity));
        if (Volatile.Read(ref _busy) > 0 || _limit() is not { } limit || silence <= limit)
            return;
        if (_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
            _onSilence(silence);
    }
}
