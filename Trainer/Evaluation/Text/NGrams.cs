namespace HSENet.Trainer.Evaluation.Text;

/// <summary>Counts of the runs of n tokens of a text.</summary>
internal static class NGrams
{
    private const char Separator = '\u0001';

    public static Dictionary<string, int> Count(IReadOnlyList<string> tokens, int order)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + order <= tokens.Count; i++)
        {
            var gram = string.Join(Separator, tokens.Skip(i).Take(order));
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }

    /// <summary>Matches of the one in the other, each gram at most as often as it is there.</summary>
    public static int Overlap(Dictionary<string, int> a, Dictionary<string, int> b) =>
        a.Sum(gram => Math.Min(gram.Value, b.GetValueOrDefault(gram.Key)));
}
