namespace HSENet.Worker.Previews;

/// <summary>Chooses the slices that a preview shows.</summary>
internal static class KeySlices
{
    /// <summary>
    /// The highest-scoring slices that keep a distance from each other, in ascending order; evenly spaced ones when there are no scores.
    /// </summary>
    /// <param name="scores">Mean patch score of each slice; null where the model did not look.</param>
    /// <param name="count">At most this many.</param>
    public static IReadOnlyList<int> Choose(IReadOnlyList<float?> scores, int count)
    {
        var total = scores.Count;
        if (scores.All(s => s is null))
        {
            return [.. Enumerable.Range(0, Math.Min(count, total)).Select(i => (int)((i + 0.5) * total / Math.Min(count, total)))];
        }

        var distance = Math.Max(1, total / (2 * count));
        var chosen = new List<int>();
        foreach (var slice in Enumerable.Range(0, total).Where(i => scores[i] is not null).OrderByDescending(i => scores[i]).ThenBy(i => i))
        {
            if (chosen.Count == count)
            {
                break;
            }

            if (chosen.TrueForAll(c => Math.Abs(c - slice) >= distance))
            {
                chosen.Add(slice);
            }
        }

        chosen.Sort();
        return chosen;
    }
}
