using System.Collections.Concurrent;

namespace HSENet.Worker.Series;

/// <summary>
/// How long series have been at rest, as this process has witnessed it by a clock that nobody sets, and what open associations have gone on to. While nothing could be
/// received (before the start, the database away, a sender turned away for want of space) silence is no evidence: a scanner that comes back within the quiet period finds
/// its series open.
/// </summary>
internal sealed class SeriesWatch(TimeProvider time)
{
    /// <summary>No quiet period is longer: what was before does not count.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, long> _turnedAway = new(StringComparer.Ordinal);

    /// <summary>Of each open association the series of its last instance, and those that lack one that it offered.</summary>
    private readonly ConcurrentDictionary<Guid, (Guid Series, Guid[] Lacking)> _last = new();

    private readonly Dictionary<Guid, Sight> _seen = [];
    private volatile bool _isForgotten;

    /// <summary>What was at rest up to now may have been unheard.</summary>
    public void Forget() => _isForgotten = true;

    /// <summary>A sender was asked to come back.</summary>
    public void TurnedAway(string callingAe) => _turnedAway[callingAe] = time.GetTimestamp();

    /// <summary>An open association brought an instance.</summary>
    /// <param name="associationId">Which.</param>
    /// <param name="seriesKey">Of the instance.</param>
    /// <param name="lacking">Series of which it has offered instances that are not here.</param>
    public void Heard(Guid associationId, Guid seriesKey, params Guid[] lacking) => _last[associationId] = (seriesKey, lacking);

    /// <summary>An association is over.</summary>
    public void Ended(Guid associationId) => _last.TryRemove(associationId, out _);

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
        List<SeriesAssociation> associations = [.. series.Associations.Select(c => c with { HasGoneOn = c.IsOpen && HasGoneOn(c) })];
        var arrived = new Arrived(series.Revision, series.InstanceCount, series.LastInstanceAt, associations.Sum(c => (long)c.Instances));
        var states = associations.Select(c => (c.AssociationId, c.Ending, c.HasGoneOn)).ToHashSet();

        var before = _seen.GetValueOrDefault(series.SeriesKey);
        var opened = before is not null && before.Arrived.Revision == series.Revision ? before.Opened : now;
        var slice = before is not null && before.Arrived == arrived ? before.Slice : now;
        var changed = slice != now && before!.Associations.SetEquals(states) ? before.Changed : now;
        _seen[series.SeriesKey] = new(arrived, states, opened, slice, changed);

        TimeSpan? turnedAway = _turnedAway.TryGetValue(series.SourceAe, out var at) ? time.GetElapsedTime(at, now) : null;
        return new(
            time.GetElapsedTime(opened, now), time.GetElapsedTime(slice, now), time.GetElapsedTime(changed, now), turnedAway, series.InstanceCount, associations);
    }

    private bool HasGoneOn(SeriesAssociation association) =>
        _last.TryGetValue(association.AssociationId, out var last) && last.Series != association.SeriesKey && !last.Lacking.Contains(association.SeriesKey);

    private sealed record Arrived(int Revision, int InstanceCount, DateTime LastInstanceAt, long Brought);

    private sealed record Sight(Arrived Arrived, HashSet<(Guid Association, string? Ending, bool HasGoneOn)> Associations, long Opened, long Slice, long Changed);
}
