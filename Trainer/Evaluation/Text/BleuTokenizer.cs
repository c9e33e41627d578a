using System.Text.RegularExpressions;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>The "13a" tokenizer of mteval-v13a, as the BLEU of sacrebleu and of Hugging Face's evaluate use it. Case is kept.</summary>
internal static partial class BleuTokenizer
{
    public static string[] Tokenize(string text)
    {
        var line = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        if (line.Contains('&', StringComparison.Ordinal))
        {
            line = line.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        }

        line = Symbols().Replace($" {line} ", " $1 ");
        line = PointAfterText().Replace(line, "$1 $2 ");
        line = PointBeforeText().Replace(line, " $1 $2");
        line = HyphenAfterDigit().Replace(line, "$1 $2 ");
        return line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>ASCII symbols without apostrophe, comma, hyphen and full stop.</summary>
    [GeneratedRegex(@"([{-~\[-` -&(-+:-@/])")]
    private static partial Regex Symbols();

    [GeneratedRegex("([^0-9])([.,])")]
    private static partial Regex PointAfterText();

    [GeneratedRegex("([.,])([^0-9])")]
    private static partial Regex PointBeforeText();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex HyphenAfterDigit();
}
