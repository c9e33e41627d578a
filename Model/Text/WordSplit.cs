namespace HSENet.Model.Text;

/// <summary>
/// How byte-level BPE cuts text into words before it merges. Written by hand over Unicode scalar values, in linear time: .NET's regular
/// expressions see the two halves of a character beyond U+FFFF, so that <c>\p{L}</c> would miss such letters.
/// </summary>
internal abstract class WordSplit
{
    /// <summary>GPT-2's pattern: words and numbers with one leading space, runs of other characters, white space.</summary>
    public static WordSplit Gpt2 { get; } = new Gpt2Split();

    /// <summary>The pattern of o200k: words by case, numbers in threes, contractions with their word, punctuation with its line breaks.</summary>
    public static WordSplit O200k { get; } = new O200kSplit();

    /// <param name="name">The field <c>tokenizer.split</c> of hsenet.json.</param>
    /// <exception cref="HSENetModelException"><c>model.unsupported</c>.</exception>
    public static WordSplit Find(string name) => name switch
    {
        "gpt2" => Gpt2,
        "o200k" => O200k,
        _ => throw new HSENetModelException("model.unsupported", $"tokenizer.split '{name}' is not supported: gpt2 or o200k."),
    };

    /// <returns>The words of a text in order; together they are the text.</returns>
    public IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Next(text, start);
            yield return text[start..end];
            start = end;
        }
    }

    /// <returns>The end of the word that begins at <paramref name="start"/>; always beyond it.</returns>
    public abstract int Next(ReadOnlySpan<char> text, int start);

    /// <summary>White space at <paramref name="start"/>: the run, without its last character where a word follows, so that the word can take it.</summary>
    protected static int EndOfSpace(ReadOnlySpan<char> text, int start)
    {
        var (end, last) = (start, start);
        while (end < text.Length && CharacterClass.At(text, end, out var length) is CharacterKind.Space or CharacterKind.LineBreak)
        {
            (last, end) = (end, end + length);
        }

        return end == text.Length || last == start ? end : last;
    }
}
