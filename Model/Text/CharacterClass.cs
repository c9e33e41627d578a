using System.Globalization;
using System.Text;

namespace HSENet.Model.Text;

/// <summary>Classes of Unicode scalar values in UTF-16 text; the tables are .NET's own, so invariant globalisation changes nothing.</summary>
internal static class CharacterClass
{
    private static readonly CharacterKind[] s_ascii = [.. Enumerable.Range(0, 128).Select(value => Of(new Rune(value)))];

    /// <param name="text">The text.</param>
    /// <param name="index">Of the first unit of a character.</param>
    /// <param name="length">Units of the character: 1 or 2.</param>
    public static CharacterKind At(ReadOnlySpan<char> text, int index, out int length)
    {
        length = 1;
        if (text[index] < 128)
        {
            return s_ascii[text[index]];
        }

        // an unpaired surrogate is a character of its own, of no class
        return Rune.DecodeFromUtf16(text[index..], out var rune, out length) == System.Buffers.OperationStatus.Done ? Of(rune) : CharacterKind.Other;
    }

    public static bool IsLetter(CharacterKind kind) => kind is CharacterKind.Upper or CharacterKind.Lower or CharacterKind.Uncased;

    private static CharacterKind Of(Rune rune)
    {
        if (rune.Value is '\r' or '\n')
        {
            return CharacterKind.LineBreak;
        }

        return Rune.IsWhiteSpace(rune) ? CharacterKind.Space : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterKind.Upper,
            UnicodeCategory.LowercaseLetter => CharacterKind.Lower,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterKind.Uncased,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterKind.Mark,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Number,
            _ => CharacterKind.Other,
        };
    }
}
