namespace HSENet.Trainer.Data;

/// <summary>The text rules of HSENet's reports (hsenet.md 3.5).</summary>
internal static class ReportText
{
    /// <summary>Draws of the reference when it evaluates.</summary>
    public const int EvaluationSeed = 42;

    /// <summary>A generator of its own for each report, so that what is drawn for one does not depend on the others.</summary>
    public static Random ForEvaluation() => new(EvaluationSeed);

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
}
