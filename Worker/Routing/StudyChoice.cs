namespace HSENet.Worker.Routing;

/// <summary>Which series of a study its one report is made of.</summary>
internal static class StudyChoice
{
    /// <summary>
    /// The best of those that wait; of equals the one that had its report before the database was lost, else the one that closed first. Against one that was chosen before, only a better series wins, or the same series with
    /// changed content, whose report is no longer true.
    /// </summary>
    /// <param name="current">The one chosen before; null for none.</param>
    /// <param name="waiting">Those that have closed since, of each series the current revision.</param>
    /// <returns>Null: it stays as it is.</returns>
    public static Candidate? Decide(Candidate? current, IEnumerable<Candidate> waiting)
    {
        var all = waiting.ToList();
        var longestMm = all.Concat(current is null ? [] : [current]).Where(c => !c.IsPartial).Select(c => c.Rank.LengthMm).DefaultIfEmpty().Max();
        SeriesRank Rank(Candidate candidate) => candidate.Rank with { IsStretch = candidate.Rank.IsStretchOf(longestMm) };

        var best = all
            .OrderByDescending(Rank)
            .ThenByDescending(c => c.SeriesKey == current?.SeriesKey)
            .ThenByDescending(c => c.HasKeptReport)
            .ThenBy(c => c.CreatedAt)
            .ThenBy(c => c.SeriesKey)
            .ToList();
        if (current is null)
        {
            return best.FirstOrDefault();
        }

        var changed = best.Find(c => c.SeriesKey == current.SeriesKey);
        var baseline = changed ?? current;
        return best.Find(c => Rank(c).CompareTo(Rank(baseline)) > 0) ?? changed;
    }
}
