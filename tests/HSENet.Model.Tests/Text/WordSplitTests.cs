using System.Text.Json;
using System.Text.RegularExpressions;
using HSENet.Model.Text;

namespace HSENet.Model.Tests.Text;

public sealed class WordSplitTests
{
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string O200kPattern = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+('[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*('[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    [Theory]
    [InlineData("The heart size", "The| heart| size")]
    [InlineData("don't left-sided lung/left", "don|'t| left|-|sided| lung|/|left")]
    [InlineData("x 1234567 5mm", "x| 1234567| 5|mm")]
    [InlineData("a  b\n\nc ", "a| | b|\n|\n|c| ")]
    public void Words_are_cut_as_gpt2_does(string text, string words) => Assert.Equal(words.Split('|'), WordSplit.Gpt2.Words(text));

    [Theory]
    [InlineData("The heart size", "The| heart| size")]
    [InlineData("don't left-sided lung/left", "don't| left|-sided| lung|/left")]
    [InlineData("x 1234567 5mm", "x| |123|456|7| |5|mm")]
    [InlineData("iPhone HSENet ABc", "i|Phone| HSENet| ABc")]
    [InlineData("a  b\n\n  c ", "a| | b|\n\n| | c| ")]
    public void Words_are_cut_as_o200k_does(string text, string words) => Assert.Equal(words.Split('|'), WordSplit.O200k.Words(text));

    [Fact]
    public void Awkward_texts_are_cut_as_a_peer_cuts_them()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "tokenizers", "splits.json")));
        Assert.Equal(250, file.RootElement.GetArrayLength());
        foreach (var item in file.RootElement.EnumerateArray())
        {
            var text = item[0].GetString()!;
            Assert.Equal(item[1].Deserialize<string[]>(), WordSplit.Gpt2.Words(text));
            Assert.Equal(item[2].Deserialize<string[]>(), WordSplit.O200k.Words(text));
        }
    }

    [Fact]
    public void Characters_of_the_basic_plane_are_cut_as_the_patterns_say()
    {
        foreach (var text in Texts.Random(seed: 5, count: 4000, Texts.WithinThePlane))
        {
            Assert.Equal(Regex.Matches(text, Gpt2Pattern).Select(match => match.Value), WordSplit.Gpt2.Words(text));
            Assert.Equal(Regex.Matches(text, O200kPattern).Select(match => match.Value), WordSplit.O200k.Words(text));
        }
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("a\udc00b")]
    [InlineData(" \ud800\ud800 x")]
    public void Unpaired_surrogates_do_no_harm(string text)
    {
        Assert.Equal(text, string.Concat(WordSplit.Gpt2.Words(text)));
        Assert.Equal(text, string.Concat(WordSplit.O200k.Words(text)));
    }

    [Fact]
    public void An_unknown_split_is_refused_by_name()
    {
        var refusal = Assert.Throws<HSENetModelException>(() => WordSplit.Find("words"));
        Assert.Equal("model.unsupported", refusal.Code);
        Assert.Contains("words", refusal.Message, StringComparison.Ordinal);
    }
}
