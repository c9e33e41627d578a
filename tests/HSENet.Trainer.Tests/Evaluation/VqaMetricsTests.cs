using HSENet.Trainer.Evaluation.Vqa;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class VqaMetricsTests
{
    [Fact]
    public void Locations_stand_in_the_reference_order() => Assert.Equal(GoldenText.Section("vqa_location", "anatomy").Strings(), AnatomyGroup.Names);

    [Fact]
    public void Golden_answers_score_as_in_the_reference()
    {
        foreach (var item in GoldenText.Section("vqa_location", "cases").EnumerateArray())
        {
            var (prediction, answer) = (item.GetProperty("prediction").GetString()!, item.GetProperty("answer").GetString()!);
            Assert.Equal(item.GetProperty("acc_class").GetInt32() == 1, VqaMetrics.IsMajor(prediction, answer));
            Assert.Equal(item.GetProperty("acc_text").GetInt32() == 1, VqaMetrics.IsMinor(prediction, answer));
            Assert.Equal(item.GetProperty("pred_anatomy_index").GetInt32(), AnatomyGroup.IndexOf(prediction));
            Assert.Equal(item.GetProperty("answer_anatomy_index").GetInt32(), AnatomyGroup.IndexOf(answer));
        }
    }

    [Theory]
    [InlineData("", "lung/right lung", true, false)]
    [InlineData("right upper lobe", "lung/right upper lobe", true, false)]
    [InlineData(" Lung/left", "lung/right", true, true)]
    [InlineData("pleura", "lung/right", false, false)]
    public void Strict_wants_the_first_component(string prediction, string answer, bool major, bool strict)
    {
        Assert.Equal(major, VqaMetrics.IsMajor(prediction, answer));
        Assert.Equal(strict, VqaMetrics.IsStrictMajor(prediction, answer));
    }

    [Fact]
    public void Answers_are_scored_by_kind_beside_the_most_frequent_one()
    {
        var scores = AnswerScore.ByKind(
        [
            ("presence", "yes", "yes"), ("presence", " No", "no"), ("presence", "", "no"), ("presence", "no", "no"), ("size", "20 mm", "24 mm"), ("size", "large", "30 mm"),
        ]);
        Assert.Equal(new AnswerScore(4, 0.75, 0.75, null), scores["presence"]);
        Assert.Equal(new AnswerScore(2, 0, 0.5, 4), scores["size"]);
    }

    [Fact]
    public void Micro_and_macro_differ_by_location()
    {
        var metrics = VqaMetrics.Compute([("lung/a", "lung/a"), ("lung/b", "lung/a"), ("heart", "lung/a"), ("heart", "heart"), ("", "aorta")]);
        Assert.Equal(4 / 5.0, metrics.All.Major, 12);
        Assert.Equal(3 / 5.0, metrics.All.StrictMajor, 12);
        Assert.Equal(2 / 5.0, metrics.All.Minor, 12);
        Assert.Equal(["Lung", "Heart", "Others"], metrics.ByLocation.Keys);
        Assert.Equal((1 / 3.0 + 1 + 0) / 3, metrics.MacroMinor, 12);
        Assert.Equal((2 / 3.0 + 1 + 1) / 3, metrics.MacroMajor, 12);
        Assert.Equal(0.8, metrics.Classification[0].F1, 12);
        Assert.Equal(2 / 3.0, metrics.Classification[3].F1, 12);
    }
}
