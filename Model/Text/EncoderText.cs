namespace HSENet.Model.Text;

/// <summary>A report as the text encoder takes it (hsenet.md 3.5): cleaned, and cut by sentences where it is too long.</summary>
/// <param name="tokenizer">BERT's.</param>
/// <param name="length">Longest text in tokens, special ones included: 512 in the published model.</param>
internal sealed class EncoderText(WordPieceTokenizer tokenizer, int length)
{
    /// <summary>The reference's. Each text has draws of its own, so that its ids do not depend on what was encoded before it.</summary>
    private const int Seed = 42;

    private const int SpecialTokens = 2;

    /// <summary>Quotes and brackets go; case, numbers and line breaks stay.</summary>
    public static string Clean(string report) => string.Concat(report.Where(c => c is not ('"' or '\'' or '(' or ')')));

    /// <summary>
    /// Fits a report into the text encoder: if it has more tokens than the budget, its first sentence (split at ".") and then random others while
    /// their tokens fit, joined with "." in the order they were drawn. The first sentence is not counted. The caller truncates what is left.
    /// </summary>
    /// <param name="report">Cleaned.</param>
    /// <param name="budget">Tokens, 512 in the reference.</param>
    /// <param name="count">Tokens of a text, special ones too.</param>
    /// <param name="random">Draws the sentences.</param>
    public static string Fit(string report, int budget, Func<string, int> count, Random random)
    {
        if (count(report) <= budget)
        {
            return report;
        }

        var sentences = report.Split('.').ToList();
        var (kept, used) = (new List<string> { sentences[0] }, 0);
        sentences.RemoveAt(0);
        while (sentences.Count > 0)
        {
            var i = random.Next(sentences.Count);
            var tokens = count(sentences[i]);
            if (used + tokens <= budget && !kept.Contains(sentences[i]))
            {
                kept.Add(sentences[i]);
                used += tokens;
            }

            sentences.RemoveAt(i);
        }

        return string.Join('.', kept);
    }

    /// <returns>[CLS], the text, [SEP]; at most <c>length</c> ids, without padding, which would change nothing.</returns>
    public long[] Ids(string report)
    {
        var fitted = Fit(Clean(report), length, text => tokenizer.Encode(text).Count + SpecialTokens, new Random(Seed));
        var (ids, mask) = tokenizer.EncodeSequence(fitted, length);
        return ids[..(int)mask.Sum()];
    }
}
