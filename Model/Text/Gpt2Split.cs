namespace HSENet.Model.Text;

/// <summary><c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c></summary>
internal sealed class Gpt2Split : WordSplit
{
    private static readonly string[] s_contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Run
    {
        Letters,
        Numbers,
        Others,
        Space,
    }

    public override int Next(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'')
        {
            foreach (var contraction in s_contractions)
            {
                if (text[start..].StartsWith(contraction, StringComparison.Ordinal))
                {
                    return start + contraction.Length;
                }
            }
        }

        var first = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var run = RunAt(text, first, out var length);
        if (run == Run.Space)
        {
            return EndOfSpace(text, start);
        }

        var end = first + length;
        while (end < text.Length && RunAt(text, end, out length) == run)
        {
            end += length;
        }

        return end;
    }

    private static Run RunAt(ReadOnlySpan<char> text, int index, out int length) => CharacterClass.At(text, index, out length) switch
    {
        CharacterKind.Upper or CharacterKind.Lower or CharacterKind.Uncased => Run.Letters,
        CharacterKind.Number => Run.Numbers,
        CharacterKind.Space or CharacterKind.LineBreak => Run.Space,
        _ => Run.Others,
    };
}
