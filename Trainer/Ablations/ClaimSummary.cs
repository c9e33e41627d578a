namespace HSENet.Trainer.Ablations;

/// <summary>One comparison of a table by one metric, seed by seed: both arms of a seed saw the same phantoms in the same order.</summary>
/// <param name="Better">Arm that the paper has first.</param>
/// <param name="Worse">The other.</param>
/// <param name="Difference">First less other.</param>
/// <param name="Verdict">By the 95 % interval of the difference.</param>
internal sealed record ClaimSummary(string Better, string Worse, ValueSummary Difference, ClaimVerdict Verdict)
{
    public static ClaimSummary Of(string better, string worse, IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Count, first.Count);
        var difference = ValueSummary.Of([.. first.Zip(second, (a, b) => a - b)]);
        var verdict = difference.HalfWidth95 is not { } half ? ClaimVerdict.Undecided
            : difference.Mean - half > 0 ? ClaimVerdict.Holds
            : difference.Mean + half < 0 ? ClaimVerdict.Reversed
            : ClaimVerdict.Undecided;
        return new(better, worse, difference, verdict);
    }
}
