namespace HSENet.Trainer.Evaluation.Text;

/// <summary>
/// BLEU (Papineni et al. 2002) with the conventions of the tensorflow/nmt code behind Hugging Face's evaluate: sums over the whole corpus, shortest
/// reference. No tokens on one side, where that code divides by zero, give 0.
/// </summary>
internal static class Bleu
{
    public const int MaximumOrder = 4;

    /// <param name="candidates">One text for each item.</param>
    /// <param name="references">One or more for each item.</param>
    /// <param name="maximumOrder">Longest n-gram, 1..4.</param>
    /// <param name="smooth">(matches + 1) / (total + 1) in place of matches / total.</param>
    public static BleuScore Corpus(
        IReadOnlyList<string> candidates, IReadOnlyList<IReadOnlyList<string>> references, int maximumOrder = MaximumOrder, bool smooth = false)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(references.Count, candidates.Count);
        var (matches, totals) = (new long[maximumOrder], new long[maximumOrder]);
        var (candidateLength, referenceLength) = (0, 0);
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = BleuTokenizer.Tokenize(candidates[i]);
            var tokenized = references[i].Select(BleuTokenizer.Tokenize).ToArray();
            candidateLength += candidate.Length;
            referenceLength += tokenized.Min(tokens => tokens.Length);
            for (var order = 1; order <= maximumOrder; order++)
            {
                matches[order - 1] += NGrams.Overlap(NGrams.Count(candidate, order), Merged(tokenized, order));
                totals[order - 1] += Math.Max(candidate.Length - order + 1, 0);
            }
        }

        var precisions = matches.Zip(totals, (match, total) => smooth ? (match + 1.0) / (total + 1.0) : total > 0 ? (double)match / total : 0).ToArray();
        if (candidateLength == 0 || referenceLength == 0)
        {
            return new(0, precisions, 0, candidateLength, referenceLength);
        }

        var ratio = (double)candidateLength / referenceLength;
        var penalty = ratio > 1 ? 1 : Math.Exp(1 - 1 / ratio);
        var mean = precisions.All(p => p > 0) ? Math.Exp(precisions.Sum(Math.Log) / maximumOrder) : 0;
        return new(mean * penalty, precisions, penalty, candidateLength, referenceLength);
    }

    /// <summary>What HSENet's evaluation calls BLEU-1..4 of one text: its clipped precisions, neither cumulative nor with a brevity penalty.</summary>
    public static IReadOnlyList<double> SinglePrecisions(string candidate, string reference) => Corpus([candidate], [[reference]]).Precisions;

    /// <summary>Every n-gram as often as in the reference that has it most often.</summary>
    private static Dictionary<string, int> Merged(string[][] references, int order)
    {
        var merged = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (gram, count) in references.SelectMany(tokens => NGrams.Count(tokens, order)))
        {
            merged[gram] = Math.Max(count, merged.GetValueOrDefault(gram));
        }

        return merged;
    }
}
