using System.Globalization;
using System.Text;

namespace HSENet.Model.Text;

/// <summary>
/// BERT's way from text to words: controls dropped, CJK ideographs apart, accents stripped, lower case, white space and punctuation cut.
/// </summary>
internal static class BertText
{
    private static readonly (int First, int Last)[] s_ideographs =
    [
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0x2F800, 0x2FA1F),
    ];

    /// <returns>The words; each punctuation character is one.</returns>
    public static IEnumerable<string> Words(ReadOnlySpan<char> text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in Normalize(text).EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune);
            if ((isSpace || IsPunctuation(rune)) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            if (!isSpace)
            {
                word.Append(rune);
                if (IsPunctuation(rune))
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    private static string Normalize(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                clean.Append(' ');
            }
            else if (IsDropped(rune))
            {
                continue;
            }
            else if (IsIdeograph(rune))
            {
                clean.Append(' ').Append(rune).Append(' ');
            }
            else
            {
                clean.Append(rune);
            }
        }

        var stripped = new StringBuilder(clean.Length);
        foreach (var rune in clean.ToString().EnumerateRunes())
        {
            AccentStripping.Append(rune, stripped);
        }

        var lower = new StringBuilder(stripped.Length);
        foreach (var rune in stripped.ToString().EnumerateRunes())
        {
            lower.Append(Rune.ToLowerInvariant(rune));
        }

        return lower.ToString();
    }

    private static bool IsSpace(Rune rune) =>
        rune.Value is '\t' or '\n' or '\r'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsDropped(Rune rune) =>
        rune.Value is 0xFFFD
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsIdeograph(Rune rune) =>
        rune.Value >= 0x3400 && Array.Exists(s_ideographs, range => rune.Value >= range.First && rune.Value <= range.Last);

    private static bool IsPunctuation(Rune rune) => rune.Value switch
    {
        (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126) => true,
        _ => Rune.IsPunctuation(rune),
    };
}
