using System.Text;
using System.Text.RegularExpressions;

namespace HSENet.Dicom.Series;

/// <summary>
/// Body Part Examined (PS3.3 C.7.3.1, PS3.16 Annex L) as evidence against a chest. It is often absent, copied from a protocol or plainly
/// wrong, so only a part that is known and elsewhere refuses, and only if every word of the descriptions of series, study and procedure is
/// known to say nothing else. A word that is not known, in whatever language, may speak of the chest: then the pixels decide.
/// </summary>
internal static partial class ChestHeaderRule
{
    public static Refusal? Judge(CtSlice slice)
    {
        var part = slice.BodyPart?.ToUpperInvariant().Trim();
        if (part is null || !HeaderWords.Elsewhere.Contains(part.Replace(" ", "", StringComparison.Ordinal)))
            return null;

        return slice.Descriptions.SelectMany(Words).All(HeaderWords.IsKnown)
            ? new(
                RefusalReason.NotChest,
                $"Body Part Examined of {slice.SopInstanceUid} is {part}, and no description of series, study or procedure speaks of another part")
            : null;
    }

    /// <summary>
    /// Runs of letters. Latin letters one by one are initials and make one word ("C/A/P"), and one that a stroke ties to a word is one
    /// ("C/ABD"); one alone is no word, but part of a kernel's name or a unit. One of another script may be.
    /// </summary>
    private static IEnumerable<string> Words(string description)
    {
        var text = Initials.Replace(description.ToUpperInvariant(), m => string.Concat(m.Value.Where(char.IsAsciiLetter)));
        foreach (Match tied in TiedLetter.Matches(text))
            yield return tied.Value;

        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Append(new Rune(' ')))
        {
            if (Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                word.Append(rune.ToString());
                continue;
            }

            if (word.Length > 1 || (word.Length == 1 && !char.IsAscii(word[0])))
                yield return word.ToString();

            word.Clear();
        }
    }

    /// <summary>Single letters with spaces between each two, or a sign. A digit is none: "B31f" is a kernel.</summary>
    [GeneratedRegex(@"(?<![\p{L}\p{Mn}\p{N}])[A-Z](?:(?:\s+[A-Z](?![\p{L}\p{Mn}\p{N}]))+"
        + @"|(?:\s*[^\p{L}\p{Mn}\p{N}\s]\s*[A-Z](?![\p{L}\p{Mn}\p{N}]))+)", RegexOptions.CultureInvariant)]
    private static partial Regex Initials { get; }

    [GeneratedRegex(@"(?<![\p{L}\p{Mn}\p{N}])[A-Z](?=\s*[/&]\s*\p{L})"
        + @"|(?<=\p{L}\s*[/&]\s*)[A-Z](?![\p{L}\p{Mn}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex TiedLetter { get; }
}
