using System.Diagnostics;

namespace HSENet.Dicom.Guarding;

/// <summary>How fast the peer sends what it has begun. Only the time that we wait for it counts.</summary>
internal sealed class Pace
{
    private readonly Lock _lock = new();
    private TimeSpan _waited;
    private long _bytes;
    private long? _waitingSince;

    /// <param name="isInMessage">The peer has begun a message or a PDU; else it owes us nothing.</param>
    public void BeginWait(bool isInMessage)
    {
        lock (_lock)
        {
            if (!isInMessage)
                (_waited, _bytes) = (TimeSpan.Zero, 0);
            _waitingSince = isInMessage ? Stopwatch.GetTimestamp() : null;
        }
    }

    public void EndWait(int bytes)
    {
        lock (_lock)
        {
            if (_waitingSince is { } since)
                _waited += Stopwatch.GetElapsedTime(since);
            _waitingSince = null;
            _bytes += bytes;
        }
    }

    /// <param name="bytesPerSecond">The least rate.</param>
    /// <param name="grace">Waiting time before it counts.</param>
    public bool IsBelow(long bytesPerSecond, TimeSpan grace)
    {
        lock (_lock)
        {
            var waited = _waited + (_waitingSince is { } since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero);
            return _waitingSince is not null && waited > grace && _bytes < bytesPerSecond * waited.TotalSeconds;
        }
    }
}
