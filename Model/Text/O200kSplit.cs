namespace HSENet.Model.Text;

/// <summary>
/// The o200k pattern. With U = <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>, V = <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>, P = <c>[^\r\n\p{L}\p{N}]</c> and
/// C = a contraction in any case, the alternatives are tried in this order: <c>P?U*V+C?</c>, <c>P?U+V*C?</c>, <c>\p{N}{1,3}</c>,
/// <c> ?[^\s\p{L}\p{N}]+[\r\n/]*</c>, <c>\s*[\r\n]+</c>, <c>\s+(?!\S)</c>, <c>\s+</c>.
/// </summary>
internal sealed class O200kSplit : WordSplit
{
    private static readonly string[] s_contractions = ["s", "t", "re", "ve", "m", "ll", "d"];

    public override int Next(ReadOnlySpan<char> text, int start)
    {
        var kind = CharacterClass.At(text, start, out var length);
        var mayPrefix = kind is CharacterKind.Other or CharacterKind.Mark or CharacterKind.Space && start + length < text.Length;
        var word = mayPrefix ? EndOfLowerWord(text, start + length) : -1;
        word = word < 0 ? EndOfLowerWord(text, start) : word;
        word = word < 0 && mayPrefix ? EndOfUpperWord(text, start + length) : word;
        word = word < 0 ? EndOfUpperWord(text, start) : word;
        if (word >= 0)
        {
            return word + Contraction(text[word..]);
        }

        return kind == CharacterKind.Number ? EndOfNumber(text, start) : EndOfOthers(text, start) is >= 0 and var end ? end : EndOfLines(text, start);
    }

    private static bool IsUpper(CharacterKind kind) => kind is CharacterKind.Upper or CharacterKind.Uncased or CharacterKind.Mark;

    private static bool IsLower(CharacterKind kind) => kind is CharacterKind.Lower or CharacterKind.Uncased or CharacterKind.Mark;

    /// <summary>U*V+: the run of U gives back as little as leaves a V behind it.</summary>
    /// <returns>-1: no match here.</returns>
    private static int EndOfLowerWord(ReadOnlySpan<char> text, int start)
    {
        var (end, afterLastLower) = (start, -1);
        while (end < text.Length && CharacterClass.At(text, end, out var length) is var kind)
        {
            if (!IsUpper(kind))
            {
                return kind == CharacterKind.Lower ? EndOfLower(text, end) : afterLastLower;
            }

            end += length;
            afterLastLower = IsLower(kind) ? end : afterLastLower;
        }

        return afterLastLower;
    }

    /// <summary>U+V*</summary>
    /// <returns>-1: no match here.</returns>
    private static int EndOfUpperWord(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && IsUpper(CharacterClass.At(text, end, out var length)))
        {
            end += length;
        }

        return end == start ? -1 : EndOfLower(text, end);
    }

    private static int EndOfLower(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && IsLower(CharacterClass.At(text, end, out var length)))
        {
            end += length;
        }

        return end;
    }

    /// <returns>Units of the contraction at the start of <paramref name="rest"/>, the apostrophe among them; 0: none.</returns>
    private static int Contraction(ReadOnlySpan<char> rest)
    {
        if (rest is not ['\'', _, ..])
        {
            return 0;
        }

        foreach (var letters in s_contractions)
        {
            // U+017F, the long s, is an s in any case
            if (rest[1..].StartsWith(letters, StringComparison.OrdinalIgnoreCase) || (letters == "s" && rest[1] == '\u017F'))
            {
                return 1 + letters.Length;
            }
        }

        return 0;
    }

    private static int EndOfNumber(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        for (var count = 0; count < 3 && end < text.Length && CharacterClass.At(text, end, out var length) == CharacterKind.Number; count++)
        {
            end += length;
        }

        return end;
    }

    /// <returns>-1: white space only.</returns>
    private static int EndOfOthers(ReadOnlySpan<char> text, int start)
    {
        var first = text[start] == ' ' ? start + 1 : start;
        var end = first;
        while (end < text.Length && CharacterClass.At(text, end, out var length) is CharacterKind.Other or CharacterKind.Mark)
        {
            end += length;
        }

        if (end == first)
        {
            return -1;
        }

        while (end < text.Length && text[end] is '\r' or '\n' or '/')
        {
            end++;
        }

        return end;
    }

    /// <summary>White space up to its last line break; without one, as every split does.</summary>
    private static int EndOfLines(ReadOnlySpan<char> text, int start)
    {
        var lastBreak = -1;
        for (var end = start; end < text.Length && CharacterClass.At(text, end, out _) is var kind and (CharacterKind.Space or CharacterKind.LineBreak); end++)
        {
            lastBreak = kind == CharacterKind.LineBreak ? end + 1 : lastBreak;
        }

        return lastBreak >= 0 ? lastBreak : EndOfSpace(text, start);
    }
}
