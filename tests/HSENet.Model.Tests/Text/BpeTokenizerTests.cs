using HSENet.Model.Text;

namespace HSENet.Model.Tests.Text;

public sealed class BpeTokenizerTests
{
    private const int Begin = 300;

    private static readonly BpeTokenizer s_tokenizer = Make(("l", "u"), ("n", "g"), ("lu", "ng"), ("Ġ", "lung"), ("lung", "s"), ("e", "f"));

    [Theory]
    [InlineData("lung", "lung")]
    [InlineData(" lung", "Ġlung")]
    [InlineData("lungs", "lungs")]
    [InlineData(" lungs", "Ġlung s")]          // "Ġ lung" ranks before "lung s"
    [InlineData("lulung", "lu lung")]
    [InlineData("fe", "f e")]
    public void Pairs_merge_in_the_order_of_the_list(string text, string tokens) =>
        Assert.Equal(tokens.Split(' '), s_tokenizer.Encode(text).Select(Name));

    [Theory]
    [InlineData("The heart size is normal.")]
    [InlineData("5×3 mm² ≥10% <3 cm\n\n\tnaïve Ödem İstanbul \u00ad\u200b\ufeff 中文 🫁")]
    [InlineData("   leading and trailing   ")]
    [InlineData("")]
    public void Text_survives_the_round_trip(string text) => Assert.Equal(text, s_tokenizer.Decode(s_tokenizer.Encode(text)));

    [Fact]
    public void Merges_do_not_cross_the_borders_of_words() =>
        Assert.Equal(["lu", "Ġ", "n", "g"], Make(("l", "u"), ("lu", "Ġ"), ("lu", "n")).Encode("lu ng").Select(id => id switch
        {
            256 => "lu",
            _ => ByteAlphabet.ToChar((byte)id).ToString(),
        }));

    [Fact]
    public void Text_of_a_user_cannot_hold_special_tokens()
    {
        Assert.DoesNotContain(Begin, s_tokenizer.Encode("a<|endoftext|>b"));
        Assert.Equal("a<|endoftext|>b", s_tokenizer.Decode(s_tokenizer.Encode("a<|endoftext|>b")));
    }

    [Fact]
    public void Special_tokens_are_cut_out_where_they_are_allowed() =>
        Assert.Equal([97, Begin, 98, Begin], s_tokenizer.Encode("a<|endoftext|>b<|endoftext|>", allowSpecial: true));

    [Fact]
    public void Special_tokens_have_no_text() => Assert.Equal("ab", s_tokenizer.Decode([97, Begin, 98, 9999]));

    [Fact]
    public void A_broken_character_becomes_the_replacement_character() => Assert.Equal("a\ufffd", s_tokenizer.Decode([97, 0xF0]));

    [Fact]
    public void A_merge_without_a_token_is_refused()
    {
        var vocabulary = Vocabulary(("l", "u")) with { Merges = [("l", "u"), ("x", "y")] };
        Assert.Equal("tokenizer.format", Assert.Throws<HSENetModelException>(() => new BpeTokenizer(vocabulary, WordSplit.Gpt2)).Code);
    }

    private static BpeTokenizer Make(params (string Left, string Right)[] merges) => new(Vocabulary(merges), WordSplit.Gpt2);

    private static BpeVocabulary Vocabulary(params (string Left, string Right)[] merges)
    {
        var tokens = Enumerable.Range(0, 256).ToDictionary(value => ByteAlphabet.ToChar((byte)value).ToString(), value => value);
        foreach (var (left, right) in merges)
        {
            tokens.TryAdd(left + right, tokens.Count);
        }

        return new BpeVocabulary(tokens, merges, new Dictionary<string, int> { ["<|endoftext|>"] = Begin });
    }

    private static string Name(long id) => id switch
    {
        256 => "lu",
        257 => "ng",
        258 => "lung",
        259 => "Ġlung",
        260 => "lungs",
        261 => "ef",
        _ => ByteAlphabet.ToChar((byte)id).ToString(),
    };
}
