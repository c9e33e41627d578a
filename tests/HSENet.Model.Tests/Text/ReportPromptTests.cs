using HSENet.Model.Text;

namespace HSENet.Model.Tests.Text;

public sealed class ReportPromptTests
{
    private static readonly BpeTokenizer s_tokenizer = Tokenizer(new() { [ReportPrompt.BeginToken] = 256, [ReportPrompt.PlaceholderToken] = 257 });

    [Fact]
    public void Prompt_is_begin_then_placeholders_then_text()
    {
        var prompt = ReportPrompt.Build(s_tokenizer, 3, "ab");
        Assert.Equal([256, 257, 257, 257, 97, 98], prompt.Ids);
        Assert.Equal(3, prompt.VisualCount);
    }

    [Fact]
    public void Special_tokens_in_the_text_have_no_effect() =>
        Assert.Single(ReportPrompt.Build(s_tokenizer, 1, "a<|endoftext|><im_patch>").Ids, 256L);

    [Fact]
    public void Tokenizer_without_a_begin_token_is_refused() =>
        Assert.Equal("tokenizer.format", Assert.Throws<HSENetModelException>(() => ReportPrompt.Build(Tokenizer([]), 1, "a")).Code);

    private static BpeTokenizer Tokenizer(Dictionary<string, int> added) =>
        new(new BpeVocabulary(Enumerable.Range(0, 256).ToDictionary(value => ByteAlphabet.ToChar((byte)value).ToString(), value => value), [], added), WordSplit.Gpt2);
}
