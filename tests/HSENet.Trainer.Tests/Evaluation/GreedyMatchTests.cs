using System.Text.Json;
using HSENet.Trainer.Evaluation.Contextual;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class GreedyMatchTests
{
    [Fact]
    public void Golden_matrices_give_the_golden_scores()
    {
        var golden = GoldenText.Section("bertscore", "cases")[0];
        var score = GreedyMatch.Of(Tokens(golden, "ref"), Tokens(golden, "hyp"));
        Assert.Equal(golden.GetProperty("P").GetDouble(), score.Precision, 6);
        Assert.Equal(golden.GetProperty("R").GetDouble(), score.Recall, 6);
        Assert.Equal(golden.GetProperty("F1").GetDouble(), score.F1, 6);

        var rescaled = score.Rescaled(new(.83150584, .8314941, .83122575));
        Assert.Equal(golden.GetProperty("rescaled_roberta_large_l17").Numbers(), [rescaled.Precision, rescaled.Recall, rescaled.F1], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Golden_rarities_are_reproduced()
    {
        var golden = GoldenText.Section("bertscore", "idf");
        var rarity = new TokenRarity([.. golden.GetProperty("docs").EnumerateArray().Select(ids => (IReadOnlyList<long>)[.. ids.EnumerateArray().Select(id => id.GetInt64())])]);
        foreach (var item in golden.GetProperty("idf").EnumerateObject())
        {
            Assert.Equal(item.Value.GetDouble(), rarity.Of(long.Parse(item.Name, System.Globalization.CultureInfo.InvariantCulture)), 12);
        }

        Assert.Equal(golden.GetProperty("unseen").GetDouble(), rarity.Of(12345), 12);
    }

    [Fact]
    public void Side_with_begin_and_end_only_scores_nothing()
    {
        var text = new WeightedTokens([1, 0, 0, 1, 1, 1], [0, 1, 0]);
        var empty = new WeightedTokens([1, 0, 0, 1], [0, 0]);
        Assert.Equal(default, GreedyMatch.Of(text, empty));
        Assert.Equal(default, GreedyMatch.Of(empty, text));
        Assert.Equal(new(1, 1, 1), GreedyMatch.Of(text, text));
    }

    private static WeightedTokens Tokens(JsonElement golden, string side) => new(
        [.. golden.GetProperty($"{side}_emb").EnumerateArray().SelectMany(row => row.Numbers()).Select(value => (float)value)],
        golden.GetProperty($"{side}_weights").Numbers());
}
