namespace HSENet.Trainer.Evaluation.Contextual;

/// <summary>How well the tokens of two texts match, each with the most similar one of the other text (Zhang et al. 2020, BERTScore).</summary>
/// <param name="Precision">Mean over the candidate's tokens.</param>
/// <param name="Recall">Mean over the reference's tokens.</param>
/// <param name="F1">Their harmonic mean.</param>
internal readonly record struct GreedyMatch(double Precision, double Recall, double F1)
{
    /// <param name="reference">Its tokens.</param>
    /// <param name="candidate">Its tokens.</param>
    /// <returns>All 0 when a side has no token of weight.</returns>
    public static GreedyMatch Of(WeightedTokens reference, WeightedTokens candidate)
    {
        if (reference.Weights.Sum() is not > 0 || candidate.Weights.Sum() is not > 0)
        {
            return default;
        }

        var (forReference, forCandidate) = (new double[reference.Count], new double[candidate.Count]);
        Array.Fill(forReference, double.NegativeInfinity);
        Array.Fill(forCandidate, double.NegativeInfinity);
        for (var r = 0; r < reference.Count; r++)
        {
            for (var c = 0; c < candidate.Count; c++)
            {
                var cosine = reference.Cosine(r, candidate, c);
                forReference[r] = Math.Max(forReference[r], cosine);
                forCandidate[c] = Math.Max(forCandidate[c], cosine);
            }
        }

        var (precision, recall) = (Mean(candidate.Weights, forCandidate), Mean(reference.Weights, forReference));
        var f1 = 2 * precision * recall / (precision + recall);
        return new(precision, recall, double.IsNaN(f1) ? 0 : f1);
    }

    /// <summary>Spreads the scores of a model, which lie close together, over 0..1: (score - baseline) / (1 - baseline).</summary>
    /// <param name="baseline">What unrelated texts score with that model.</param>
    public GreedyMatch Rescaled(GreedyMatch baseline) =>
        new(Rescale(Precision, baseline.Precision), Rescale(Recall, baseline.Recall), Rescale(F1, baseline.F1));

    private static double Rescale(double value, double baseline) => (value - baseline) / (1 - baseline);

    private static double Mean(IReadOnlyList<double> weights, double[] values) => weights.Zip(values, (w, v) => w * v).Sum() / weights.Sum();
}
