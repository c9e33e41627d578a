using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class RougeTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, GoldenText.Section("rouge", "cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rouge_is_that_of_rouge_score(int index)
    {
        var item = GoldenText.Section("rouge", "cases")[index];
        var (candidate, references) = (item.GetProperty("prediction").GetString()!, item.GetProperty("references").Strings());
        Assert.Equal(item.GetProperty("tokens_prediction").Strings(), Rouge.Tokenize(candidate));
        Assert.Equal(item.GetProperty("tokens_prediction_stemmed").Strings(), Rouge.Tokenize(candidate, stem: true));
        foreach (var (kind, stem) in new[] { ("no_stemmer", false), ("stemmer", true) })
        {
            foreach (var (name, score) in new (string, Func<string, RougeScore>)[]
            {
                ("rouge1", reference => Rouge.N(candidate, reference, 1, stem)),
                ("rouge2", reference => Rouge.N(candidate, reference, 2, stem)),
                ("rougeL", reference => Rouge.L(candidate, reference, stem)),
            })
            {
                var expected = item.GetProperty(kind).GetProperty(name);
                var best = references.Select(score).MaxBy(value => value.F);
                Assert.Equal(expected.GetProperty("p").GetDouble(), best.Precision, Tolerance);
                Assert.Equal(expected.GetProperty("r").GetDouble(), best.Recall, Tolerance);
                Assert.Equal(expected.GetProperty("f").GetDouble(), best.F, Tolerance);
            }
        }
    }

    [Fact]
    public void Tokens_are_letters_and_digits()
    {
        foreach (var item in GoldenText.Section("tokenizers", "rouge").EnumerateArray())
        {
            Assert.Equal(item[1].Strings(), Rouge.Tokenize(item[0].GetString()!));
            Assert.Equal(item[2].Strings(), Rouge.Tokenize(item[0].GetString()!, stem: true));
        }
    }
}
