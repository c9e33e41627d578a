namespace HSENet.Model.Text;

/// <summary>Text to token ids and back.</summary>
internal interface ITokenizer
{
    /// <summary>Rows that the embedding table must have at least: the highest id plus one.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// Text to ids. What looks like a special token stays ordinary text unless <paramref name="allowSpecial"/>: text that users write cannot
    /// smuggle in control tokens.
    /// </summary>
    IReadOnlyList<long> Encode(string text, bool allowSpecial = false);

    /// <summary>Ids to text; special tokens and ids without text are left out, broken UTF-8 becomes U+FFFD.</summary>
    string Decode(IEnumerable<long> ids);

    /// <returns>The id of an added token such as <c>&lt;|endoftext|&gt;</c>; null when there is none of that name.</returns>
    long? AddedToken(string content);
}
