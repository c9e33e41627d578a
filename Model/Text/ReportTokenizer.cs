using HSENet.Model.Configuration;

namespace HSENet.Model.Text;

/// <summary>Opens the tokenizer that a model directory names.</summary>
internal static class ReportTokenizer
{
    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>, <c>model.unsupported</c>, <c>tokenizer.format</c>; <c>model.config</c>: more ids than the embedding has rows.
    /// </exception>
    public static ITokenizer Open(ModelDirectory directory)
    {
        var section = ModelConfiguration.Need(directory.Configuration.Tokenizer, "tokenizer");
        var paths = section.Files.Select(directory.PathOf).ToList();
        var vocabulary = section.Kind switch
        {
            "o200k" => PhiTokens.AddTo(BpeFiles.Read(paths)),
            "bpe" when paths is [var file] => TokenizerJson.Read(file),
            "bpe" => throw new HSENetModelException("model.config", "tokenizer.files: kind bpe needs one file, the tokenizer.json."),
            var other => throw new HSENetModelException("model.unsupported", $"tokenizer.kind '{other}' is not supported."),
        };
        var tokenizer = new BpeTokenizer(vocabulary, WordSplit.Find(section.Split));
        var rows = ModelConfiguration.Need(directory.Configuration.Language, "language").VocabularySize;
        return tokenizer.VocabularySize <= rows
            ? tokenizer
            : throw new HSENetModelException("model.config", $"The tokenizer has {tokenizer.VocabularySize} ids, language.vocab_size is {rows}.");
    }
}
