using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Evaluation.Results;
using HSENet.Trainer.Evaluation.Runs;

namespace HSENet.Trainer.Tests.Evaluation.Runs;

public sealed class ResultTests
{
    [Fact]
    public void Label_that_is_not_known_of_a_study_is_not_counted_there()
    {
        var reports = new[]
        {
            (Item("1", labels: new() { [ChestLabels.LungNodule] = true, [ChestLabels.PleuralEffusion] = false }), "A nodule is seen. There is a pleural effusion."),
            (Item("2", labels: new() { [ChestLabels.LungNodule] = true }), "No nodule. There is a pleural effusion."),
        };
        var metrics = TruthLabels.Compute(reports)!;
        Assert.Equal([ChestLabels.LungNodule, ChestLabels.PleuralEffusion], metrics.Classes.Select(score => score.Label));
        Assert.Equal((1, 0, 1), (metrics.Classes[0].TruePositives, metrics.Classes[0].FalsePositives, metrics.Classes[0].FalseNegatives));
        Assert.Equal((0, 1, 0), (metrics.Classes[1].TruePositives, metrics.Classes[1].FalsePositives, metrics.Classes[1].FalseNegatives));
        Assert.Equal((0.0, 2 / 3.0), (metrics.SubsetAccuracy, metrics.HammingLoss));
        Assert.Null(TruthLabels.Compute([(Item("3"), "A nodule.")]));
    }

    [Fact]
    public void Side_counts_only_where_the_finding_is_there_and_named()
    {
        LabelledFinding right = new(ChestLabels.PleuralEffusion, "right"), left = new(ChestLabels.PleuralEffusion, "left");
        var scores = SideScore.Compute(
        [
            (Item("1", details: [right]), "There is a right pleural effusion."),
            (Item("2", details: [right]), "There is a left pleural effusion."),
            (Item("3", details: [right, left]), "There are bilateral pleural effusions. The pleural effusion is small."),
            (Item("4", details: [left]), "There is a pleural effusion."),          // names no side
            (Item("5", details: [left]), "No pleural effusion on the left."),       // not named
            (Item("6"), "There is a left pleural effusion."),                       // not there
        ]);
        var score = Assert.Single(scores);
        Assert.Equal((4, 2), (score.TruePositives, score.Right));
        Assert.Equal(0.5, SideScore.All(scores).Accuracy);
        Assert.Null(SideScore.All([]).Accuracy);
    }

    [Fact]
    public void Yes_and_no_are_read_off_the_first_word()
    {
        var score = PresenceScore.Compute([("Yes, there is.", "yes"), (" no", "yes"), ("No.", "no"), ("", "no"), ("nothing", "no"), ("lung", "left lung")])!;
        Assert.Equal(new(2, 3, 1, 1, 2), score);
        Assert.Equal(0.4, score.Accuracy, 12);
        Assert.Equal(0.5 * (1 / 2.0 + 1 / 3.0), score.BalancedAccuracy, 12);
        Assert.Equal(0.6, score.Majority, 12);
        Assert.Null(PresenceScore.Compute([("yes", "lung")]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Everybody_gets_another_one_and_nobody_twice(int count)
    {
        var others = Pairing.Others(count, 42);
        Assert.Equal(Enumerable.Range(0, count), others.Order());
        Assert.DoesNotContain(Enumerable.Range(0, count), i => others[i] == i);
        Assert.Equal(others, Pairing.Others(count, 42));
    }

    [Fact]
    public void Time_is_told_as_mean_median_and_longest()
    {
        var time = TimeScore.Of([(new(9, 1, 0, 0), 4), (new(1, 1, 1, 0), 6), (new(2, 2, 2, 3), 2)]);
        Assert.Equal((2.0, 7.0, 4.0), (time.MedianInference, time.LongestInference, time.MeanTokens));
        Assert.Equal(4, time.Mean.Load);
        Assert.Equal(10 / 3.0, time.Mean.Inference, 12);
    }

    private static ManifestItem Item(string id, Dictionary<string, bool>? labels = null, LabelledFinding[]? details = null) =>
        new() { Id = id, Volume = "v.nii", Labels = labels ?? [], Details = details ?? [] };
}
