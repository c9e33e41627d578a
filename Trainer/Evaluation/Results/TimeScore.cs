using HSENet.Trainer.Evaluation.Runs;

namespace HSENet.Trainer.Evaluation.Results;

/// <summary>Seconds an item, over a set of items.</summary>
/// <param name="Mean">Of each part.</param>
/// <param name="MedianInference">From preprocessed input to text.</param>
/// <param name="LongestInference">The slowest item.</param>
/// <param name="MeanTokens">Written.</param>
internal sealed record TimeScore(ItemSeconds Mean, double MedianInference, double LongestInference, double MeanTokens)
{
    /// <param name="items">At least one.</param>
    public static TimeScore Of(IReadOnlyList<(ItemSeconds Seconds, int Tokens)> items)
    {
        var sorted = items.Select(item => item.Seconds.Inference).Order().ToArray();
        return new(
            new(items.Average(i => i.Seconds.Load), items.Average(i => i.Seconds.Encode), items.Average(i => i.Seconds.Prefill), items.Average(i => i.Seconds.Decode)),
            (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2,
            sorted[^1],
            items.Average(item => (double)item.Tokens));
    }
}
