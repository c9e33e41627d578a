using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Data;

public sealed class ReportTextTests
{
    [Fact]
    public void Quotes_and_brackets_go_and_nothing_else() =>
        Assert.Equal("Its 5.5 mm, stable [x]\nA-B", ReportText.Clean("\"It's\" (5.5 mm), stable [x]\nA-B"));

    [Fact]
    public void A_report_that_fits_stays() => Assert.Equal("A b. C d.", ReportText.Fit("A b. C d.", 4, Words, new Random(1)));

    [Fact]
    public void A_long_report_keeps_its_first_sentence_and_random_others_within_the_budget()
    {
        var sentences = Enumerable.Range(0, 40).Select(i => $"sentence number {i} here").ToArray();
        var report = string.Join('.', sentences);
        var orders = new HashSet<string>();
        for (var seed = 0; seed < 20; seed++)
        {
            var kept = ReportText.Fit(report, 41, Words, new Random(seed)).Split('.');
            Assert.Equal(sentences[0], kept[0]);
            Assert.Equal(11, kept.Length); // ten of four words, the first is not counted
            Assert.Equal(kept.Length, kept.Distinct().Count());
            Assert.All(kept, sentence => Assert.Contains(sentence, sentences));
            orders.Add(string.Join('.', kept));
        }

        Assert.True(orders.Count > 15);
    }

    [Fact]
    public void A_sentence_that_is_too_long_gives_way_to_a_shorter_one()
    {
        var fitted = ReportText.Fit("first.a b c d e f g h.x y", 3, Words, new Random(3));
        Assert.Equal("first.x y", fitted);
    }

    private static int Words(string text) => text.Split([' ', '.'], StringSplitOptions.RemoveEmptyEntries).Length;
}
