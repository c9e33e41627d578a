using System.Text;

namespace HSENet.Dicom.Series;

/// <summary>
/// Body Part Examined (PS3.3 C.7.3.1, PS3.16 Annex L) as evidence against a chest. It is often absent, copied from a protocol or plainly wrong, so only a part
/// that is known and elsewhere refuses, and only if every word of Series Description and Protocol Name is known to say nothing else. A word that is not known, in whatever
/// language, may speak of the chest: then the pixels decide.
/// </summary>
internal static class ChestHeaderRule
{
    public static Refusal? Judge(CtSlice slice)
    {
        var part = slice.BodyPart?.ToUpperInvariant().Trim();
        if (part is null || !HeaderWords.Elsewhere.Contains(part.Replace(" ", "", StringComparison.Ordinal)))
            return null;

        return Words(slice.Description).All(HeaderWords.IsKnown)
            ? new(RefusalReason.NotChest, $"Body Part Examined of {slice.SopInstanceUid} is {part}, and nothing else in the series speaks of another part")
            : null;
    }

    /// <summary>Runs of letters. One Latin letter alone is no word, but part of a kernel's name or a unit; one of another script may be.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.ToUpperInvariant().EnumerateRunes().Append(new Rune(' ')))
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
}
