using System.Text.Json;
using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class LabelMetricsTests
{
    private const double Tolerance = 1e-9;

    private static JsonElement Golden => GoldenText.Section("label_metrics");

    [Fact]
    public void Scores_are_those_of_the_hand_formulas()
    {
        var metrics = LabelMetrics.Compute(["a", "b", "c"], Rows("y_true"), Rows("y_pred"));
        foreach (var (expected, actual) in Golden.GetProperty("per_class").EnumerateArray().Zip(metrics.Classes))
        {
            Assert.Equal(
                (expected.GetProperty("tp").GetInt32(), expected.GetProperty("fp").GetInt32(), expected.GetProperty("fn").GetInt32(), expected.GetProperty("support").GetInt32()),
                (actual.TruePositives, actual.FalsePositives, actual.FalseNegatives, actual.Support));
            Same(expected, actual.Precision, actual.Recall, actual.F1);
        }

        Same(Golden.GetProperty("macro"), metrics.MacroPrecision, metrics.MacroRecall, metrics.MacroF1);
        Same(Golden.GetProperty("micro"), metrics.Micro.Precision, metrics.Micro.Recall, metrics.Micro.F1);
        Assert.Equal(Golden.GetProperty("weighted_f1").GetDouble(), metrics.WeightedF1, Tolerance);
        Assert.Equal(Golden.GetProperty("subset_accuracy").GetDouble(), metrics.SubsetAccuracy, Tolerance);
        Assert.Equal(Golden.GetProperty("hamming_loss").GetDouble(), metrics.HammingLoss, Tolerance);
        Assert.Equal((2.0 / 3 + 6.0 / 7) / 2, metrics.SupportedMacroF1, Tolerance);
    }

    [Fact]
    public void Auroc_counts_ties_half_and_leaves_out_one_sided_classes()
    {
        var (truth, scores) = (Rows("y_true"), Golden.GetProperty("y_score").EnumerateArray().Select(GoldenText.Numbers).ToArray());
        var values = Enumerable.Range(0, 3).Select(i => LabelMetrics.Auroc([.. truth.Select(row => row[i])], [.. scores.Select(row => row[i])])).ToArray();
        foreach (var (expected, actual) in Golden.GetProperty("per_class").EnumerateArray().Select(c => c.GetProperty("auroc")).Zip(values))
        {
            Assert.Equal(expected.ValueKind == JsonValueKind.Null ? null : expected.GetDouble(), actual);
        }

        Assert.Equal(Golden.GetProperty("macro_auroc").GetDouble(), values.Average()!.Value, Tolerance);
    }

    private static bool[][] Rows(string name) => [.. Golden.GetProperty(name).EnumerateArray().Select(row => row.Numbers().Select(value => value > 0).ToArray())];

    private static void Same(JsonElement expected, double precision, double recall, double f1)
    {
        Assert.Equal(expected.GetProperty("precision").GetDouble(), precision, Tolerance);
        Assert.Equal(expected.GetProperty("recall").GetDouble(), recall, Tolerance);
        Assert.Equal(expected.GetProperty("f1").GetDouble(), f1, Tolerance);
    }
}
