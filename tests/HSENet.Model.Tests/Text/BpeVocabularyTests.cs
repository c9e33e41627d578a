using System.Text;
using HSENet.Model.Text;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Text;

public sealed class BpeVocabularyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("""["a b", "ab c"]""")]
    [InlineData("""[["a", "b"], ["ab", "c"]]""")]
    public void Both_ways_to_write_merges_are_read(string merges)
    {
        var vocabulary = Read(merges);
        Assert.Equal([("a", "b"), ("ab", "c")], vocabulary.Merges);
        Assert.Equal(5, vocabulary.Added["<|endoftext|>"]);
        Assert.Equal(3, vocabulary.Tokens["ab"]);
    }

    [Theory]
    [InlineData("""["a"]""", "")]
    [InlineData("""["a b c"]""", "")]
    [InlineData("""[["a", 1]]""", "")]
    [InlineData("""{}""", "")]
    [InlineData("""[]""", ""","a": 9""")]
    [InlineData("""[]""", ""","d": 1""")]
    [InlineData("""[]""", ""","d": -1""")]
    [InlineData("""[]""", ""","d": "x" """)]
    public void Broken_files_are_refused(string merges, string moreTokens) =>
        Assert.Equal("tokenizer.format", Assert.Throws<HSENetModelException>(() => Read(merges, moreTokens)).Code);

    [Fact]
    public void A_file_that_is_not_JSON_is_refused() =>
        Assert.Equal("tokenizer.format", Assert.Throws<HSENetModelException>(() => BpeVocabulary.Read(_folder.Write("t", "{"u8.ToArray()))).Code);

    [Fact]
    public void Another_kind_of_model_is_refused() =>
        Assert.Equal(
            "model.unsupported",
            Assert.Throws<HSENetModelException>(() => BpeVocabulary.Read(_folder.Write("t", """{"model":{"type":"WordPiece"}}"""u8.ToArray()))).Code);

    public void Dispose() => _folder.Dispose();

    private BpeVocabulary Read(string merges, string moreTokens = "")
    {
        var json = $$"""
            {"version":"1.0","added_tokens":[{"id":5,"content":"<|endoftext|>","special":true}],"normalizer":null,
             "model":{"type":"BPE","vocab":{"a":0,"b":1,"c":2,"ab":3,"abc":4{{moreTokens}} },"merges":{{merges}} } }
            """;
        return BpeVocabulary.Read(_folder.Write("tokenizer.json", Encoding.UTF8.GetBytes(json)));
    }
}
