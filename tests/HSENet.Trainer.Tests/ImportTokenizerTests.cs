using System.Text.Json;
using HSENet.Model.Configuration;
using HSENet.Model.Tests.Text;
using HSENet.Model.Text;
using HSENet.TestKit;
using HSENet.Trainer.Tokenizers;

namespace HSENet.Trainer.Tests;

/// <summary><c>import</c> reads the tokenizer that it copies, and holds it to the language model.</summary>
public sealed class ImportTokenizerTests : IDisposable
{
    private const int Rows = 300;
    private const string Text = "No nodule, left-sided: \"lung/left\" 12.5 mm";

    private static readonly BpeVocabulary s_vocabulary = BpeTrainer.Train([Text, Text, "nodule nodule lung lung"], WordSplit.Gpt2, 20, ReportPrompt.BeginToken, ReportPrompt.PlaceholderToken);

    private readonly TempFolder _folder = new("import-tokenizer");

    private string Out => _folder.Path("model");

    private string Phi => _folder.Path("phi");

    private static int End => s_vocabulary.Added[ReportPrompt.BeginToken];

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("vocab.json", "merges.txt", "added_tokens.json")]
    [InlineData("vocab.json", "merges.txt")]   // the control tokens stand among the words
    public void Vocabulary_other_than_Phis_is_imported_in_any_of_its_forms_and_loads(params string[] files)
    {
        NarrowPhi.Write(Phi, Rows, layers: 1, end: End);
        Write(s_vocabulary, files);

        TrainerRun.Of("import", "--out", Out, "--language-model", Phi).Done();

        var directory = ModelDirectory.Open(Out);
        Assert.Equal(("bpe", "gpt2"), (directory.Configuration.Tokenizer!.Kind, directory.Configuration.Tokenizer.Split));
        Assert.Equal(files, directory.Configuration.Tokenizer.Files);
        Assert.Equal([End], directory.Configuration.Generation!.Stop);
        var (expected, tokenizer) = (new BpeTokenizer(s_vocabulary, WordSplit.Gpt2), ReportTokenizer.Open(directory));
        Assert.Equal(expected.Encode(Text), tokenizer.Encode(Text));
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text).Append(End)));
        Assert.Equal(ReportPrompt.Build(expected, 3, Text).Ids, ReportPrompt.Build(tokenizer, 3, Text).Ids);
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("vocab.json", "merges.txt", "added_tokens.json")]
    [InlineData("vocab.json", "merges.txt")]
    [InlineData("o200k_base.tiktoken")]
    public void Phis_vocabulary_is_known_by_its_words_and_gets_the_tokens_of_HSENet(params string[] files)
    {
        NarrowPhi.Write(Phi, 200064, layers: 1, end: 200020);
        Write(O200k.Vocabulary, files);

        TrainerRun.Of("import", "--out", Out, "--language-model", Phi).Done();

        var directory = ModelDirectory.Open(Out);
        Assert.Equal("o200k", directory.Configuration.Tokenizer!.Kind);
        Assert.Equal([200020, 199999], directory.Configuration.Generation!.Stop);
        var (expected, tokenizer) = (new BpeTokenizer(O200k.Vocabulary, WordSplit.Gpt2), ReportTokenizer.Open(directory));
        Assert.Equal(expected.Encode(Text), tokenizer.Encode(Text));
        Assert.Equal((199999, 200029), (tokenizer.AddedToken("<|endoftext|>"), tokenizer.AddedToken("<im_patch>")));
    }

    [Theory]
    [InlineData("tokenizer.json", "{}", "tokenizer.format")]
    [InlineData("tokenizer.json", "[", "tokenizer.format")]
    [InlineData("tokenizer.json", """{"normalizer":{"type":"NFC"},"model":{"type":"BPE"}}""", "model.unsupported")]
    [InlineData("o200k_base.tiktoken", "IQ== 0\n", "tokenizer.format")]
    public void Broken_tokenizer_is_refused_and_nothing_is_left_behind(string name, string content, string code)
    {
        NarrowPhi.Write(Phi, Rows, layers: 1, end: End);
        File.WriteAllText(Path.Combine(Phi, name), content);
        Refused(code, name);
    }

    [Fact]
    public void Faults_of_tokenizer_and_weights_are_told_together()
    {
        NarrowPhi.Write(Phi, Rows, layers: 1, end: End);
        File.WriteAllText(Path.Combine(Phi, "tokenizer.json"), "{}");
        var config = Path.Combine(Phi, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"num_hidden_layers\": 1,", "\"num_hidden_layers\": 2,", StringComparison.Ordinal));
        Refused("weights.missing", "model.layers.1.", "tokenizer.json");
    }

    [Fact]
    public void Vocabulary_larger_than_the_embedding_table_is_refused()
    {
        NarrowPhi.Write(Phi, s_vocabulary.Tokens.Count, layers: 1, end: 0);
        Write(s_vocabulary, "tokenizer.json");
        Refused("model.config", $"{End + 2} ids");
    }

    [Fact]
    public void Vocabulary_without_a_token_to_begin_with_is_refused()
    {
        NarrowPhi.Write(Phi, Rows, layers: 1, end: End);
        Write(s_vocabulary with { Added = new Dictionary<string, int>() }, "tokenizer.json");
        Refused("tokenizer.format", "<|endoftext|>");
    }

    [Theory]
    [InlineData(65, "no special token")]   // the text would end at a letter
    [InlineData(299, "no special token")]  // the text would never end
    [InlineData(300, "outside the embedding table of 300 rows")]
    [InlineData(-1, "outside")]
    public void End_token_that_is_none_of_the_tokenizer_is_refused(int end, string detail)
    {
        NarrowPhi.Write(Phi, Rows, layers: 1, end);
        Write(s_vocabulary, "tokenizer.json");
        Refused("import.config", detail);
    }

    [Theory]
    [InlineData("\"max_position_embeddings\": 131072", "\"max_position_embeddings\": 512", "512.")]
    [InlineData("\"max_position_embeddings\": 131072", "\"max_position_embeddings\": 131072, \"sliding_window\": 511", "511.")]
    public void Prompt_and_new_tokens_must_fit_the_language_models_context(string whole, string cut, string limit)
    {
        NarrowPhi.Write(Phi, Rows, layers: 1, end: End);
        Write(s_vocabulary, "tokenizer.json");
        var config = Path.Combine(Phi, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace(whole, cut, StringComparison.Ordinal));
        Refused("model.context", "512 new", limit);
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string code, params ReadOnlySpan<string> details)
    {
        TrainerRun.Of("import", "--out", Out, "--language-model", Phi).Refused(code, details);
        Assert.Equal([Phi], Directory.EnumerateDirectories(_folder.Root));
    }

    private void Write(BpeVocabulary vocabulary, params string[] files)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(Phi, file);
            switch (file)
            {
                case "tokenizer.json":
                    TokenizerFile.Write(path, vocabulary);
                    break;
                case "vocab.json":
                    var words = files.Contains("added_tokens.json") ? vocabulary.Tokens : vocabulary.Tokens.Concat(vocabulary.Added);
                    File.WriteAllText(path, JsonSerializer.Serialize(words.ToDictionary(item => item.Key, item => item.Value)));
                    break;
                case "merges.txt":
                    File.WriteAllText(path, "#version: 0.2\n" + string.Concat(vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}\n")));
                    break;
                case "added_tokens.json":
                    File.WriteAllText(path, JsonSerializer.Serialize(vocabulary.Added));
                    break;
                default:
                    File.WriteAllLines(path, O200k.Lines);
                    break;
            }
        }
    }
}
