using HSENet.Model.Text;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>A WordPiece vocabulary of a small language: the special tokens, every printable ASCII character as a beginning and as a continuation, and the words that occur.</summary>
internal static class WordPieceVocabulary
{
    private static readonly string[] s_special =
        [WordPieceTokenizer.Padding, WordPieceTokenizer.Unknown, WordPieceTokenizer.Classification, WordPieceTokenizer.Separator, WordPieceTokenizer.Mask];

    /// <param name="texts">The language.</param>
    /// <returns>The pieces, in the order of their ids.</returns>
    public static IReadOnlyList<string> Of(IEnumerable<string> texts)
    {
        var letters = Enumerable.Range('!', '~' - '!' + 1).Select(code => ((char)code).ToString()).Where(text => !char.IsAsciiLetterUpper(text[0])).ToList();
        var words = texts.SelectMany(text => BertText.Words(text)).Where(word => word.Length > 1).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. s_special, .. letters, .. letters.Where(text => char.IsAsciiLetterOrDigit(text[0])).Select(text => "##" + text), .. words];
    }

    public static WordPieceTokenizer Tokenizer(IReadOnlyList<string> pieces) =>
        new(pieces.Select((piece, id) => (piece, id)).ToDictionary(item => item.piece, item => item.id, StringComparer.Ordinal));
}
