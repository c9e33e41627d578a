using System.Collections.Concurrent;

namespace HSENet.Worker.Series;

/// <summary>
/// How long series have been at rest, as this process has witnessed it by a clock that nobody sets. While nothing could be received (before the start, the
/// database away, a sender turned away for want of space) silence is no evidence: a scanner that comes back within the quiet period finds its series open.
/// </summary>
internal sealed class SeriesWatch(TimeProvider time)
{
    /// <summary>No quiet period is longer: what was before does not count.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, long> _turnedAway = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Sight> _seen = [];
    private volatile bool _isForgotten;

    /// <summary>What was at rest up to now may have been unheard.</summary>
    public void Forget() => _isForgotten = true;

    /// <summary>A sender was asked to come back.</summary>
    public void TurnedAway(string callingAe) => _turnedAway[callingAe] = time.GetTimestamp();

    /// <summary>One look at all series that are receiving; those that are not among them are forgotten.</summary>
    public IReadOnlyList<(ReceivingSeries Series, CompletionEvidence Evidence)> Look(IReadOnlyList<ReceivingSeries> series)
    {
        if (_isForgotten)
        {
            _isForgotten = false;
            _seen.Clear();
        }

        foreach (var gone in _seen.Keys.Except(series.Select(s => s.SeriesKey)).ToList())
        {
            _seen.Remove(gone);
        }

        foreach (var (sender, _) in _turnedAway.Where(t => time.GetElapsedTime(t.Value) > Memory))
        {
            _turnedAway.TryRemove(sender, out _);
        }

        return [.. series.Select(s => (s, Look(s)))];
    }

    private CompletionEvidence Look(ReceivingSeries series)
    {
        var now = time.GetTimestamp();
        var before = _seen.GetValueOrDefault(series.SeriesKey);
        var opened = before is not null && before.Series.Revision == series.Revision ? before.Opened : now;
        var changed = before is not null
            && (before.Series.Revision, before.Series.InstanceCount, before.Series.LastInstanceAt, before.Series.HasOpenAssociation)
                == (series.Revision, series.InstanceCount, series.LastInstanceAt, series.HasOpenAssociation)
            ? before.Changed
            : now;
        _seen[series.SeriesKey] = new(series, opened, changed);
        var heard = _turnedAway.TryGetValue(series.SourceAe, out var at) ? Math.Max(changed, at) : changed;
        return new(time.GetElapsedTime(opened, now), time.GetElapsedTime(heard, now), series.HasOpenAssociation);
    }

    private sealed record Sight(ReceivingSeries Series, long Opened, long Changed);
}
