using System.Text.RegularExpressions;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>ROUGE-N and ROUGE-L (Lin 2004) with the tokens of google's rouge_score: lower case, runs of a-z and 0-9, stemmed if longer than 3 and asked for.</summary>
internal static partial class Rouge
{
    private const int StemmedFrom = 4;

    public static string[] Tokenize(string text, bool stem = false)
    {
        var tokens = Other().Replace(text.ToLowerInvariant(), " ").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return stem ? [.. tokens.Select(token => token.Length >= StemmedFrom ? PorterStemmer.Stem(token) : token)] : tokens;
    }

    public static RougeScore N(string candidate, string reference, int order, bool stem = false)
    {
        var (a, b) = (NGrams.Count(Tokenize(candidate, stem), order), NGrams.Count(Tokenize(reference, stem), order));
        var overlap = (double)NGrams.Overlap(a, b);
        return new(overlap / Math.Max(a.Values.Sum(), 1), overlap / Math.Max(b.Values.Sum(), 1));
    }

    public static RougeScore L(string candidate, string reference, bool stem = false)
    {
        var (a, b) = (Tokenize(candidate, stem), Tokenize(reference, stem));
        if (a.Length == 0 || b.Length == 0)
        {
            return default;
        }

        var common = (double)LongestCommonSubsequence(a, b);
        return new(common / a.Length, common / b.Length);
    }

    private static int LongestCommonSubsequence(string[] a, string[] b)
    {
        var lengths = new int[b.Length + 1];
        foreach (var token in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = lengths[j];
                lengths[j] = token == b[j - 1] ? diagonal + 1 : Math.Max(above, lengths[j - 1]);
                diagonal = above;
            }
        }

        return lengths[b.Length];
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
