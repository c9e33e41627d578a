namespace HSENet.Trainer.Evaluation.Retrieval;

/// <summary>R@K: the share of queries whose own document (same index) is among the K nearest. Copies of a report under other indices count as misses.</summary>
/// <param name="At">By K.</param>
/// <param name="MedianRank">1 = nearest.</param>
internal sealed record Recall(IReadOnlyDictionary<int, double> At, double MedianRank)
{
    /// <summary>The K of the paper's tables.</summary>
    public static IReadOnlyList<int> PaperCutoffs { get; } = [5, 10, 50, 100];

    /// <param name="similarities">Square, paired by position.</param>
    /// <param name="cutoffs">K, each at least 1.</param>
    public static Recall Compute(Similarities similarities, IReadOnlyList<int> cutoffs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(similarities.DocumentCount, similarities.QueryCount);
        ArgumentOutOfRangeException.ThrowIfZero(similarities.QueryCount);
        var ranks = Enumerable.Range(0, similarities.QueryCount).Select(i => similarities.Rank(i, i)).Order().ToArray();
        var median = (ranks[(ranks.Length - 1) / 2] + ranks[ranks.Length / 2]) / 2.0 + 1;
        return new(cutoffs.ToDictionary(k => k, k => (double)ranks.Count(rank => rank < k) / ranks.Length), median);
    }
}
