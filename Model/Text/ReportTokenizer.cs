using HSENet.Model.Configuration;

namespace HSENet.Model.Text;

/// <summary>Opens the tokenizer that a model directory names.</summary>
internal static class ReportTokenizer
{
    /// <summary>Phi-4-mini's vocabulary with its added tokens, and HSENet's.</summary>
    public const string Phi = "o200k";

    /// <summary>Any byte-level BPE, with the tokens that its files name.</summary>
    public const string Bpe = "bpe";

    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>, <c>model.unsupported</c>, <c>tokenizer.format</c>; <c>model.config</c>: more ids than the embedding has rows.
    /// </exception>
    public static ITokenizer Open(ModelDirectory directory)
    {
        var section = ModelConfiguration.Need(directory.Configuration.Tokenizer, "tokenizer");
        var rows = ModelConfiguration.Need(directory.Configuration.Language, "language").VocabularySize;
        return Open(Read(section.Kind, [.. section.Files.Select(directory.PathOf)]), section.Split, rows);
    }

    /// <param name="kind"><c>tokenizer.kind</c> of hsenet.json.</param>
    /// <param name="paths">The files of one vocabulary.</param>
    /// <exception cref="HSENetModelException"><c>model.unsupported</c>, <c>model.config</c>, <c>tokenizer.format</c>.</exception>
    public static BpeVocabulary Read(string kind, IReadOnlyList<string> paths) => kind switch
    {
        Phi => PhiTokens.AddTo(BpeFiles.Read(paths)),
        Bpe => BpeFiles.Read(paths),
        _ => throw new HSENetModelException("model.unsupported", $"tokenizer.kind '{kind}' is not supported."),
    };

    /// <param name="vocabulary">See <see cref="Read"/>.</param>
    /// <param name="split"><c>tokenizer.split</c> of hsenet.json.</param>
    /// <param name="rows">Rows of the embedding table.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>; <c>model.config</c>: more ids than rows.</exception>
    public static ITokenizer Open(BpeVocabulary vocabulary, string split, int rows)
    {
        var tokenizer = new BpeTokenizer(vocabulary, WordSplit.Find(split));
        return tokenizer.VocabularySize <= rows
            ? tokenizer
            : throw new HSENetModelException("model.config", $"The tokenizer has {tokenizer.VocabularySize} ids, language.vocab_size is {rows}.");
    }
}
