using System.Text.RegularExpressions;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>
/// Punkt's decisions (Kiss and Strunk 2006) as far as reports need them: ? and ! always close a sentence; a full stop does unless it belongs to an
/// abbreviation or initial; after an abbreviation a capitalised frequent starter opens one all the same. Punkt's table of letter cases is left out.
/// </summary>
internal static partial class SentenceSplitter
{
    /// <summary>Those of English Punkt that a report may hold.</summary>
    private static readonly HashSet<string> s_abbreviations = new(StringComparer.Ordinal)
    {
        "ct", "mg", "dr", "vs", "st", "ft", "yr", "pa", "sw", "lt", "col", "co", "gen", "ms", "mr", "mrs", "prof", "jr", "sr", "a.m", "p.m", "u.s", "ph.d",
        "jan", "feb", "aug", "sep", "sept", "oct", "nov", "dec", "wed", "fri", "tues", "inc", "ltd", "corp", "rep",
        "c", "d", "e", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w",
    };

    private static readonly HashSet<string> s_starters = new(StringComparer.Ordinal)
    {
        "a", "additionally", "although", "among", "and", "as", "at", "but", "by", "for", "he", "however", "if", "in", "instead", "it", "many", "most",
        "moreover", "since", "so", "some", "that", "the", "these", "they", "this", "under", "when", "while",
    };

    public static IReadOnlyList<string> Split(string text)
    {
        var (sentences, start) = (new List<string>(), 0);
        foreach (Match mark in Mark().Matches(text))
        {
            if (mark.Index >= start && Closes(text, start, mark))
            {
                Add(sentences, text[start..(mark.Index + mark.Length)]);
                start = mark.Index + mark.Length;
            }
        }

        Add(sentences, text[start..]);
        return sentences;
    }

    private static bool Closes(string text, int start, Match mark)
    {
        if (text[mark.Index] != '.')
        {
            return true;
        }

        var begin = mark.Index;
        while (begin > start && !char.IsWhiteSpace(text[begin - 1]))
        {
            begin--;
        }

        var word = text[begin..mark.Index].TrimStart('(', '[', '{', '"', '\'').ToLowerInvariant();
        var next = NextWord().Match(text, mark.Index + mark.Length).Value;
        var lower = next is [var first, ..] && char.IsLower(first);
        if (word.Length == 1 && char.IsLetter(word[0]))
        {
            return false;
        }

        if (word.Length > 0 && word.All(c => char.IsDigit(c) || c is '.' or ',' or '-'))
        {
            return !lower;
        }

        return !(word.EndsWith('.') || s_abbreviations.Contains(word[(word.LastIndexOf('-') + 1)..]))
            || (next is [var letter, ..] && char.IsUpper(letter) && s_starters.Contains(next.ToLowerInvariant()));
    }

    private static void Add(List<string> sentences, string sentence)
    {
        if (sentence.Trim() is { Length: > 0 } trimmed)
        {
            sentences.Add(trimmed);
        }
    }

    /// <summary>A closing mark, with quotes and brackets that belong to it, before white space.</summary>
    [GeneratedRegex(@"[.?!](?:[""')\]}]+)?(?=\s+\S)")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\w+")]
    private static partial Regex NextWord();
}
