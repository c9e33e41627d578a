using System.Text.Json;
using HSENet.Model.Text;

namespace HSENet.Trainer.Evaluation.Contextual;

/// <summary>Texts to ids as BERTScore makes them: begin, text, end; a longer text is cut before the end.</summary>
internal sealed class BertTokens
{
    private const string RobertaBegin = "<s>";
    private const string RobertaEnd = "</s>";

    private readonly ITokenizer _tokenizer;
    private readonly long _begin;
    private readonly long _end;
    private readonly int _longest;
    private readonly string _prefix;

    private BertTokens(ITokenizer tokenizer, long begin, long end, int longest, string prefix) =>
        (_tokenizer, _begin, _end, _longest, _prefix) = (tokenizer, begin, end, longest, prefix);

    /// <param name="directory">Has <c>vocab.json</c> and <c>merges.txt</c> (RoBERTa) or <c>vocab.txt</c> (BERT).</param>
    /// <param name="config">The encoder.</param>
    /// <exception cref="HSENet.Model.HSENetModelException"><c>tokenizer.format</c>.</exception>
    /// <exception cref="TrainerException"><c>bertscore.format</c>: the vocabulary does not fit the encoder; <c>bertscore.unsupported</c>: a cased BERT.</exception>
    public static BertTokens Open(string directory, BertConfig config)
    {
        var tokens = config.IsRoberta ? Roberta(directory, config) : Bert(directory, config);
        return tokens._tokenizer.VocabularySize <= config.Sizes.Vocabulary
            ? tokens
            : throw new TrainerException("bertscore.format", $"{directory}: the vocabulary has {tokens._tokenizer.VocabularySize} ids, the encoder {config.Sizes.Vocabulary}.");
    }

    public long[] Ids(string text)
    {
        var trimmed = text.Trim();
        return [_begin, .. _tokenizer.Encode(trimmed.Length == 0 ? "" : _prefix + trimmed).Take(_longest - 2), _end];
    }

    private static BertTokens Roberta(string directory, BertConfig config)
    {
        var path = Path.Combine(directory, "vocab.json");
        var vocabulary = BpeFiles.Read([path, Path.Combine(directory, "merges.txt")]);
        long Special(string name) => vocabulary.Tokens.TryGetValue(name, out var id) ? id : throw new TrainerException("bertscore.format", $"{path} lacks {name}.");

        // a blank goes before the text, so that its first word is written like the others
        return new(new BpeTokenizer(vocabulary, WordSplit.Gpt2), Special(RobertaBegin), Special(RobertaEnd), config.LongestText, " ");
    }

    private static BertTokens Bert(string directory, BertConfig config)
    {
        var settings = Path.Combine(directory, "tokenizer_config.json");
        if (File.Exists(settings))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(settings));
            if (document.RootElement.TryGetProperty("do_lower_case", out var lower) && lower.ValueKind == JsonValueKind.False)
            {
                throw new TrainerException("bertscore.unsupported", $"{settings}: a cased vocabulary.");
            }
        }

        var tokenizer = WordPieceTokenizer.Open(Path.Combine(directory, "vocab.txt"));
        return new(
            tokenizer, tokenizer.AddedToken(WordPieceTokenizer.Classification)!.Value, tokenizer.AddedToken(WordPieceTokenizer.Separator)!.Value, config.LongestText, "");
    }
}
