using System.Diagnostics;
using HSENet.Dicom.Guarding;

namespace HSENet.Dicom.Receiving;

/// <summary>
/// Notices a peer that has gone silent, or that must end for another reason; the toolkit has no idle timeout of its own. Checked once a
/// second, because the limits are not known yet when the toolkit makes the service.
/// </summary>
internal sealed class SilenceWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Func<TimeSpan?> _limit;
    private readonly Func<RefusedConnection?> _overdue;
    private readonly Action<TimeSpan> _onSilence;
    private readonly Action<RefusedConnection> _onOverdue;
    private readonly Timer _timer;
    private long _lastActivity = Stopwatch.GetTimestamp();
    private int _busy;

    /// <param name="limit">Silence allowed now; null: any.</param>
    /// <param name="overdue">Why it must end whatever it does; null: it need not.</param>
    /// <param name="onSilence">Called once, with the silence.</param>
    /// <param name="onOverdue">Called once in its place, with the reason.</param>
    public SilenceWatch(Func<TimeSpan?> limit, Func<RefusedConnection?> overdue, Action<TimeSpan> onSilence, Action<RefusedConnection> onOverdue)
    {
        _limit = limit;
        _overdue = overdue;
        _onSilence = onSilence;
        _onOverdue = onOverdue;
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
        if (_overdue() is { } reason)
        {
            if (_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
                _onOverdue(reason);
            return;
        }

        var silence = Stopwatch.GetElapsedTime(Volatile.Read(ref _lastActivity));
        if (Volatile.Read(ref _busy) > 0 || _limit() is not { } limit || silence <= limit)
            return;
        if (_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
            _onSilence(silence);
    }
}
