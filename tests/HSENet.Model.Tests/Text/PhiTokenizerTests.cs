using System.Diagnostics;
using System.Text.Json;
using HSENet.Model.Text;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Text;

public sealed class PhiTokenizerTests
{
    private static readonly Lazy<BpeTokenizer> s_o200k = new(() => new BpeTokenizer(O200k.Vocabulary, WordSplit.O200k));
    private static readonly Lazy<BpeTokenizer> s_gpt2 = new(() => new BpeTokenizer(O200k.Vocabulary, WordSplit.Gpt2));

    public static TheoryData<string, int> Cases(string section)
    {
        var data = new TheoryData<string, int>();
        for (var i = 0; i < GoldenText.Section("tokenizers", section).GetProperty("cases").GetArrayLength(); i++)
        {
            data.Add(section, i);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases), "phi4_mini_o200k")]
    [MemberData(nameof(Cases), "phi4_mini_slow_gpt2_split")]
    public void Ids_equal_the_golden_ones(string section, int index)
    {
        var golden = GoldenText.Section("tokenizers", section).GetProperty("cases")[index];
        var tokenizer = section == "phi4_mini_o200k" ? s_o200k.Value : s_gpt2.Value;
        var (text, ids) = (golden[0].GetString()!, golden[1].Deserialize<long[]>()!);

        Assert.Equal(ids, tokenizer.Encode(text, allowSpecial: true));
        if (!text.Contains("<|", StringComparison.Ordinal))
        {
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void The_vocabulary_has_the_published_size_and_first_merges()
    {
        Assert.Equal(199998, O200k.Vocabulary.Tokens.Count);
        Assert.Equal(199742, O200k.Vocabulary.Merges.Count);
        Assert.Equal([("Ġ", "Ġ"), ("ĠĠ", "ĠĠ"), ("i", "n"), ("e", "r"), ("Ġ", "t")], O200k.Vocabulary.Merges.Take(5));
        Assert.Equal(199999, s_gpt2.Value.AddedToken("<|endoftext|>"));
        Assert.Equal(200029, s_gpt2.Value.AddedToken("<im_patch>"));
        Assert.Equal(200033, s_gpt2.Value.VocabularySize);
    }

    [Fact]
    public void Ordinary_text_gets_the_ids_of_the_package()
    {
        var peer = Microsoft.ML.Tokenizers.TiktokenTokenizer.CreateForEncoding("o200k_base");
        foreach (var text in Texts.Random(seed: 3, count: 400, Texts.WithinThePlane))
        {
            Assert.Equal(peer.EncodeToIds(text).Select(id => (long)id), s_o200k.Value.Encode(text));
        }
    }

    [Fact]
    public void Any_text_survives_the_round_trip()
    {
        foreach (var text in Texts.Random(seed: 4, count: 500, Texts.Anything))
        {
            Assert.Equal(text, s_o200k.Value.Decode(s_o200k.Value.Encode(text)));
            Assert.Equal(text, s_gpt2.Value.Decode(s_gpt2.Value.Encode(text)));
        }
    }

    [Fact]
    public void Every_published_form_gives_the_same_ids()
    {
        using var folder = new TempFolder("o200k");
        File.WriteAllLines(folder.Path("o200k_base.tiktoken"), O200k.Lines);
        var vocabulary = O200k.Vocabulary with { Added = new Dictionary<string, int> { ["<|endoftext|>"] = 199999 } };
        File.WriteAllText(folder.Path("vocab.json"), JsonSerializer.Serialize(vocabulary.Tokens));
        File.WriteAllText(folder.Path("merges.txt"), "#version: 0.2\n" + string.Join('\n', vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}")) + "\n");
        File.WriteAllText(folder.Path("added_tokens.json"), JsonSerializer.Serialize(vocabulary.Added));
        File.WriteAllText(folder.Path("tokenizer.json"), JsonSerializer.Serialize(new
        {
            added_tokens = new[] { new { id = 199999, content = "<|endoftext|>", special = true } },
            normalizer = (string?)null,
            pre_tokenizer = new { type = "Sequence", pretokenizers = new object[] { new { type = "Split", pattern = new { Regex = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s)?" } }, new { type = "ByteLevel", add_prefix_space = false } } },
            model = new { type = "BPE", vocab = vocabulary.Tokens, merges = vocabulary.Merges.Select(merge => new[] { merge.Left, merge.Right }) },
        }));

        const string Text = "A 12.5-mm nodule, left-sided; don't follow naïve 中文 𝒜\n\n<|endoftext|>";
        var expected = s_gpt2.Value.Encode(Text, allowSpecial: true);
        Assert.Equal(199999, expected[^1]);
        foreach (var files in new string[][] { ["o200k_base.tiktoken"], ["tokenizer.json"], ["merges.txt", "vocab.json", "added_tokens.json"], ["vocab.json", "merges.txt"] })
        {
            var read = PhiTokens.AddTo(BpeFiles.Read([.. files.Select(name => folder.Path(name))]));
            Assert.Equal(O200k.Vocabulary.Added.OrderBy(item => item.Value), read.Added.OrderBy(item => item.Value));
            Assert.Equal(expected, new BpeTokenizer(read, WordSplit.Gpt2).Encode(Text, allowSpecial: true));
        }
    }

    [Fact]
    public void Time_grows_with_the_length_of_a_word_and_not_with_its_square()
    {
        _ = s_o200k.Value.Encode(new string('a', 1000));
        var clock = Stopwatch.StartNew();
        var ids = s_o200k.Value.Encode(string.Concat(Enumerable.Repeat("abcdefghij", 100_000)));   // one word of a million letters
        Assert.InRange(ids.Count, 100_000, 1_000_000);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));                     // the square would take hours
    }

    [Fact]
    public void Files_that_are_not_such_a_vocabulary_are_refused()
    {
        using var folder = new TempFolder("o200k");
        string Write(string name, string text)
        {
            File.WriteAllText(folder.Path(name), text);
            return folder.Path(name);
        }

        Assert.Equal("tokenizer.format", Code(Write("a.tiktoken", "IQ== 0\nIg== x\n")));
        Assert.Equal("tokenizer.format", Code(Write("b.tiktoken", "IQ== 0\n")));
        Assert.Equal("tokenizer.format", Code(Write("c.tiktoken", string.Join('\n', O200k.Lines.Take(256).Append("YWJjZA== 256")))));   // "abcd" from nothing
        Assert.Equal("model.config", Code(Write("vocab.json", "{}"), Write("other.txt", "")));
        Assert.Equal("tokenizer.format", Code(Write("vocab.json", "{\"a\": -1}"), Write("merges.txt", "")));
        Assert.Equal("tokenizer.format", Code(Write("vocab.json", "{\"a\": 1}"), Write("merges.txt", "#version\na\n")));
        Assert.Equal("model.unsupported", Code(Write("t.json", """{"model":{"type":"Unigram"}}""")));
        Assert.Equal("model.unsupported", Code(Write("u.json", """{"normalizer":{"type":"NFC"},"model":{"type":"BPE"}}""")));
        Assert.Equal("model.unsupported", Code(Write("v.json", """{"pre_tokenizer":{"type":"Metaspace"},"model":{"type":"BPE"}}""")));
        Assert.Equal("model.unsupported", Code(Write("w.json", """{"model":{"type":"BPE","byte_fallback":true}}""")));
        Assert.Equal("tokenizer.format", Code(Write("x.json", "[")));

        static string Code(params string[] files) => Assert.Throws<HSENetModelException>(() => BpeFiles.Read(files)).Code;
    }
}
