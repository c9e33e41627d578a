using System.Text.RegularExpressions;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>Treebank-style words as NLTK's <c>word_tokenize</c> gives them (the tokens METEOR is scored on). Case is kept.</summary>
internal static class WordTokenizer
{
    private const string Any = " $0 ";

    private static readonly (Regex Pattern, string By)[] s_beforePadding =
    [
        Rule("([«“‘„]|`+)", Any), Rule("^\"", "``"), Rule("``", Any), Rule(@"([ (\[{<])(""|'{2})", "$1 `` "),
        Rule(@"(?i)(')(?!re|ve|ll|m|t|s|d|n)(\w)\b", "$1 $2"),
        Rule(@"([^.])(\.)([\])}>""'»”’ ]*)\s*$", "$1 $2 $3 "), Rule(@"([:,])([^\d])", " $1 $2"), Rule("([:,])$", Any), Rule(@"\.{2,}", Any),
        Rule("[;@#$%&]", Any), Rule(@"([^.])(\.)([\])}>""']*)\s*$", "$1 $2$3 "), Rule("[?!]", Any), Rule("([^'])' ", "$1 ' "), Rule(@"\*", Any),
        Rule(@"[\]\[(){}<>]", Any), Rule("--", " -- "),
    ];

    private static readonly (Regex Pattern, string By)[] s_afterPadding =
    [
        Rule("[»”’]", Any), Rule("''", " '' "), Rule("\"", " '' "), Rule(@"\s+", " "),
        Rule("([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "), Rule("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
        Rule(@"(?i)\b(can)(not)\b", " $1 $2 "), Rule(@"(?i)\b(d)('ye)\b", " $1 $2 "), Rule(@"(?i)\b(gim)(me)\b", " $1 $2 "),
        Rule(@"(?i)\b(gon)(na)\b", " $1 $2 "), Rule(@"(?i)\b(got)(ta)\b", " $1 $2 "), Rule(@"(?i)\b(lem)(me)\b", " $1 $2 "),
        Rule(@"(?i)\b(more)('n)\b", " $1 $2 "), Rule(@"(?i)\b(wan)(na)\s", " $1 $2 "), Rule(@"(?i) ('t)(is|was)\b", " $1 $2 "),
    ];

    public static IReadOnlyList<string> Tokenize(string text) => [.. SentenceSplitter.Split(text).SelectMany(Words)];

    private static string[] Words(string sentence)
    {
        var text = sentence;
        foreach (var (pattern, by) in s_beforePadding)
        {
            text = pattern.Replace(text, by);
        }

        text = $" {text} ";
        foreach (var (pattern, by) in s_afterPadding)
        {
            text = pattern.Replace(text, by);
        }

        return text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static (Regex Pattern, string By) Rule(string pattern, string by) => (new(pattern, RegexOptions.CultureInvariant), by);
}
