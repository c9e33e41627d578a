using System.Text.Json;
using HSENet.Model.Text;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Text;

public sealed class WordPieceTokenizerTests
{
    private static readonly Lazy<JsonElement> s_file = new(() =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "tokenizers", "bert.json")));
        return document.RootElement.Clone();
    });

    private static readonly Lazy<WordPieceTokenizer> s_bert = new(() => new WordPieceTokenizer(s_file.Value.GetProperty("pieces").Deserialize<Dictionary<string, int>>()!));

    public static IEnumerable<TheoryDataRow<int>> Golden() =>
        Enumerable.Range(0, GoldenText.Section("tokenizers", "bert_base_uncased").GetProperty("cases").GetArrayLength()).Select(index => new TheoryDataRow<int>(index));

    [Theory]
    [MemberData(nameof(Golden))]
    public void Ids_equal_the_golden_ones(int index)
    {
        var golden = GoldenText.Section("tokenizers", "bert_base_uncased").GetProperty("cases")[index];
        Assert.Equal(golden[1].Deserialize<long[]>()!, (long[])[101, .. s_bert.Value.Encode(golden[0].GetString()!, allowSpecial: true), 102]);
    }

    [Fact]
    public void Awkward_texts_get_the_ids_of_a_peer()
    {
        foreach (var item in s_file.Value.GetProperty("cases").EnumerateArray())
        {
            Assert.Equal(item[1].Deserialize<long[]>(), s_bert.Value.Encode(item[0].GetString()!));
        }
    }

    [Fact]
    public void Ideographs_beyond_the_basic_plane_are_words_of_their_own() => Assert.Equal([100, 100, 100], s_bert.Value.Encode("𐐀𠀀𐐀"));

    [Fact]
    public void Text_of_a_user_cannot_hold_special_tokens() => Assert.DoesNotContain(101, s_bert.Value.Encode("[CLS] in text"));

    [Fact]
    public void A_sequence_is_padded_and_masked()
    {
        var (ids, mask) = s_bert.Value.EncodeSequence("The heart.", 8);
        Assert.Equal([101, 1996, 2540, 1012, 102, 0, 0, 0], ids);
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0], mask);
    }

    [Fact]
    public void A_long_text_is_cut_and_ends_with_the_separator()
    {
        var (ids, mask) = s_bert.Value.EncodeSequence(string.Concat(Enumerable.Repeat("heart ", 50)), 8);
        Assert.Equal([101, 2540, 2540, 2540, 2540, 2540, 2540, 102], ids);
        Assert.DoesNotContain(0, mask);
    }

    [Fact]
    public void Decoding_puts_the_pieces_together() =>
        Assert.Equal("the heart size is normal and no pleural effusion is seen .", s_bert.Value.Decode(s_bert.Value.Encode("The heart size is normal and no pleural effusion is seen.")));

    [Fact]
    public void Both_published_forms_are_read()
    {
        using var folder = new TempFolder("wordpiece");
        string[] pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "lung", "##s"];
        File.WriteAllLines(folder.Path("vocab.txt"), pieces);
        File.WriteAllText(folder.Path("tokenizer.json"), JsonSerializer.Serialize(new
        {
            model = new { type = "WordPiece", vocab = pieces.Select((piece, id) => (piece, id)).ToDictionary(item => item.piece, item => item.id) },
        }));

        Assert.Equal([5, 6, 1], WordPieceTokenizer.Open(folder.Path("vocab.txt")).Encode("Lungs heart"));
        Assert.Equal([5, 6, 1], WordPieceTokenizer.Open(folder.Path("tokenizer.json")).Encode("Lungs heart"));
    }

    [Theory]
    [InlineData("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nlung\n", "tokenizer.format")]
    [InlineData("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nlung\nlung\n", "tokenizer.format")]
    [InlineData("vocab.txt", "", "tokenizer.format")]
    [InlineData("t.json", """{"model":{"type":"WordPiece","vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":2000000000}}}""", "tokenizer.format")]
    [InlineData("t.json", """{"model":{"type":"BPE"}}""", "model.unsupported")]
    [InlineData("t.json", "{", "tokenizer.format")]
    public void A_file_that_is_no_such_vocabulary_is_refused(string name, string text, string code)
    {
        using var folder = new TempFolder("wordpiece");
        File.WriteAllText(folder.Path(name), text);
        Assert.Equal(code, Assert.Throws<HSENetModelException>(() => WordPieceTokenizer.Open(folder.Path(name))).Code);
    }
}
