using System.Text;
using System.Text.RegularExpressions;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>Two texts with the words marked that only one of them has, by a longest common subsequence of words; case and marks do not count.</summary>
internal static partial class TextDifference
{
    private const int MostWords = 1500;   // the table of the comparison is square

    /// <returns>HTML of both.</returns>
    public static (string Reference, string Generated) Mark(string reference, string generated)
    {
        var (a, b) = (Words(reference), Words(generated));
        var (inA, inB) = Common(Array.ConvertAll(a, Normal), Array.ConvertAll(b, Normal));
        return (Html(a, inA, "del"), Html(b, inB, "ins"));
    }

    private static string[] Words(string text) => [.. Word().Matches(text).Select(match => match.Value).Take(MostWords)];

    private static string Normal(string word) => Marks().Replace(word, "").ToLowerInvariant();

    private static (bool[] InA, bool[] InB) Common(string[] a, string[] b)
    {
        var lengths = new ushort[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                lengths[i, j] = a[i] == b[j] ? (ushort)(lengths[i + 1, j + 1] + 1) : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        var (inA, inB) = (new bool[a.Length], new bool[b.Length]);
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i] == b[j])
            {
                (inA[i++], inB[j++]) = (true, true);
            }
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return (inA, inB);
    }

    /// <summary>Neighbouring words that only this text has share one mark.</summary>
    private static string Html(string[] words, bool[] common, string mark)
    {
        var html = new StringBuilder();
        for (var i = 0; i < words.Length; i++)
        {
            var (opens, closes) = (!common[i] && (i == 0 || common[i - 1]), !common[i] && (i == words.Length - 1 || common[i + 1]));
            html.Append(i > 0 ? " " : "").Append(opens ? $"<{mark}>" : "").Append(Markup.Escape(words[i])).Append(closes ? $"</{mark}>" : "");
        }

        return html.ToString();
    }

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"[^\p{L}\p{N}]")]
    private static partial Regex Marks();
}
