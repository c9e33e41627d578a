using System.Text.Json;
using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class BleuTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, GoldenText.Section("bleu_hf", "cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bleu_is_that_of_evaluate(int index)
    {
        var item = GoldenText.Section("bleu_hf", "cases")[index];
        var (candidate, references) = (item.GetProperty("prediction").GetString()!, item.GetProperty("references").Strings());
        Assert.Equal(item.GetProperty("tokens_prediction").Strings(), BleuTokenizer.Tokenize(candidate));
        Assert.Equal(item.GetProperty("tokens_references").EnumerateArray().Select(GoldenText.Strings), references.Select(BleuTokenizer.Tokenize));

        Same(item.GetProperty("unsmoothed"), Bleu.Corpus([candidate], [references]));
        Same(item.GetProperty("smoothed"), Bleu.Corpus([candidate], [references], smooth: true));
        foreach (var order in item.GetProperty("max_order").EnumerateObject())
        {
            Assert.Equal(order.Value.GetDouble(), Bleu.Corpus([candidate], [references], int.Parse(order.Name)).Bleu, Tolerance);
        }

        Same(item.GetProperty("hsenet_bleu1to4").Numbers(), Bleu.SinglePrecisions(candidate, references[0]));
    }

    [Fact]
    public void Tokens_are_those_of_13a()
    {
        foreach (var pair in GoldenText.Section("tokenizers", "bleu_13a").EnumerateArray())
        {
            Assert.Equal(pair[1].Strings(), BleuTokenizer.Tokenize(pair[0].GetString()!));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sacrebleu_and_nltk_say_the_same_without_smoothing(int index)
    {
        var (item, sacrebleu, nltk) = (
            GoldenText.Section("bleu_hf", "cases")[index], GoldenText.Section("sacrebleu", "cases")[index], GoldenText.Section("nltk_bleu", "cases")[index]);
        Assert.All([sacrebleu, nltk], other => Assert.Equal(item.GetProperty("id").GetString(), other.GetProperty("id").GetString()));
        var (candidate, references) = (item.GetProperty("prediction").GetString()!, item.GetProperty("references").Strings());

        var cased = Bleu.Corpus([candidate], [references]);
        Assert.Equal(sacrebleu.GetProperty("sentence_smooth_none").GetDouble(), 100 * cased.Bleu, Tolerance);
        var precisions = sacrebleu.GetProperty("precisions").Numbers().Zip(cased.Precisions).Where(pair => pair.Second > 0).ToList(); // a 0 is smoothed there
        Assert.NotEmpty(precisions);
        Assert.All(precisions, pair => Assert.Equal(pair.First, 100 * pair.Second, Tolerance));
        Assert.Equal(sacrebleu.GetProperty("bp").GetDouble(), cased.BrevityPenalty, Tolerance);

        foreach (var order in nltk.GetProperty("method0").EnumerateObject())
        {
            var lower = Bleu.Corpus([candidate.ToLowerInvariant()], [[.. references.Select(r => r.ToLowerInvariant())]], int.Parse(order.Name));
            Assert.Equal(order.Value.GetDouble(), lower.Bleu, Tolerance); // nltk's 1e-78 stands for our 0
        }
    }

    [Theory]
    [InlineData("", "No finding.")]
    [InlineData("No finding.", "")]
    [InlineData("", "")]
    public void Empty_texts_score_nothing(string candidate, string reference)
    {
        Assert.Equal(0, Bleu.Corpus([candidate], [[reference]]).Bleu);
        Assert.All(Bleu.SinglePrecisions(candidate, reference), precision => Assert.Equal(0, precision));
    }

    [Fact]
    public void A_corpus_sums_before_it_divides()
    {
        // 2 of 2 and 1 of 4 tokens: 3 of 6
        var score = Bleu.Corpus(["a b", "a x y z"], [["a b"], ["a b c d"]], 1);
        Assert.Equal(0.5, score.Bleu, Tolerance);
    }

    private static void Same(JsonElement expected, BleuScore actual)
    {
        Assert.Equal(expected.GetProperty("bleu").GetDouble(), actual.Bleu, Tolerance);
        Same(expected.GetProperty("precisions").Numbers(), actual.Precisions);
        if (expected.TryGetProperty("brevity_penalty", out var penalty))
        {
            Assert.Equal(penalty.GetDouble(), actual.BrevityPenalty, Tolerance);
            Assert.Equal(expected.GetProperty("translation_length").GetInt32(), actual.CandidateLength);
            Assert.Equal(expected.GetProperty("reference_length").GetInt32(), actual.ReferenceLength);
        }
    }

    private static void Same(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
