using System.Globalization;
using System.Text.Json.Nodes;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Evaluation.Retrieval;
using HSENet.Trainer.Evaluation.Text;
using HSENet.Trainer.Evaluation.Vqa;

namespace HSENet.Trainer.Evaluation.Results;

/// <summary>The parts of <c>metrics.json</c>; the keys are stable and documented in the trainer's README.</summary>
internal static class MetricsJson
{
    public static JsonObject Of(ReportScores scores)
    {
        var json = TextScoresFile.ToJson(scores.Text);
        var all = SideScore.All(scores.Sides);
        json["truth"] = scores.Truth is null ? null : Of(scores.Truth);
        json["truth_sides"] = new JsonObject
        {
            ["true_positives"] = all.TruePositives,
            ["accuracy"] = all.Accuracy,
            ["labels"] = new JsonArray([.. scores.Sides.Select(side => (JsonNode)new JsonObject
            {
                ["label"] = side.Label, ["true_positives"] = side.TruePositives, ["accuracy"] = side.Accuracy,
            })]),
        };
        return json;
    }

    /// <summary>The scores of words; answers have no labels.</summary>
    public static JsonObject TextOnly(TextScores scores)
    {
        var json = TextScoresFile.ToJson(scores);
        foreach (var key in json.Select(item => item.Key).Where(key => key.StartsWith("label", StringComparison.Ordinal) || key == "side_accuracy").ToArray())
        {
            json.Remove(key);
        }

        return json;
    }

    public static JsonObject Of(LabelMetrics metrics) => new()
    {
        ["micro_precision"] = metrics.Micro.Precision,
        ["micro_recall"] = metrics.Micro.Recall,
        ["micro_f1"] = metrics.Micro.F1,
        ["macro_precision"] = metrics.MacroPrecision,
        ["macro_recall"] = metrics.MacroRecall,
        ["macro_f1"] = metrics.MacroF1,
        ["macro_f1_supported"] = metrics.SupportedMacroF1,
        ["weighted_f1"] = metrics.WeightedF1,
        ["subset_accuracy"] = metrics.SubsetAccuracy,
        ["hamming_loss"] = metrics.HammingLoss,
        ["labels"] = Classes(metrics.Classes),
    };

    public static JsonObject Of(TimeScore time, double? published) => new()
    {
        ["load"] = time.Mean.Load,
        ["encode"] = time.Mean.Encode,
        ["prefill"] = time.Mean.Prefill,
        ["decode"] = time.Mean.Decode,
        ["inference"] = time.Mean.Inference,
        ["inference_median"] = time.MedianInference,
        ["inference_longest"] = time.LongestInference,
        ["tokens"] = time.MeanTokens,
        ["published"] = published,
    };

    public static JsonObject Of(StageRetrieval retrieval) => new()
    {
        ["report_to_volume"] = Of(retrieval.ReportToVolume),
        ["volume_to_report"] = Of(retrieval.VolumeToReport),
        ["volume_to_volume"] = retrieval.Volumes is not { } volumes ? null : new JsonObject
        {
            ["reference"] = ByCutoff(volumes.Reference, ""),
            ["with_self"] = ByCutoff(volumes.WithSelf, ""),
            ["without_self"] = ByCutoff(volumes.WithoutSelf, ""),
            ["map"] = ByCutoff(volumes.MeanAveragePrecision, ""),
        },
    };

    public static JsonObject Of(VqaMetrics metrics) => new()
    {
        ["count"] = metrics.All.Count,
        ["major"] = metrics.All.Major,
        ["strict_major"] = metrics.All.StrictMajor,
        ["minor"] = metrics.All.Minor,
        ["macro_major"] = metrics.MacroMajor,
        ["macro_strict_major"] = metrics.MacroStrictMajor,
        ["macro_minor"] = metrics.MacroMinor,
        ["locations"] = new JsonArray([.. metrics.ByLocation.Select(item => (JsonNode)new JsonObject
        {
            ["location"] = item.Key, ["count"] = item.Value.Count, ["major"] = item.Value.Major, ["strict_major"] = item.Value.StrictMajor, ["minor"] = item.Value.Minor,
        })]),
        ["classification"] = Classes(metrics.Classification),
    };

    public static JsonObject Of(PresenceScore presence) => new()
    {
        ["count"] = presence.Count,
        ["yes"] = presence.Yes,
        ["no"] = presence.No,
        ["accuracy"] = presence.Accuracy,
        ["balanced_accuracy"] = presence.BalancedAccuracy,
        ["majority"] = presence.Majority,
        ["unclear"] = presence.Unclear,
    };

    public static JsonObject Of(IReadOnlyDictionary<string, AnswerScore> kinds)
    {
        var json = new JsonObject();
        foreach (var (kind, score) in kinds)
        {
            json[kind] = new JsonObject { ["count"] = score.Count, ["accuracy"] = score.Accuracy, ["majority"] = score.Majority, ["mean_error_mm"] = score.MeanErrorMm };
        }

        return json;
    }

    public static JsonArray Classes(IEnumerable<ClassScore> classes) => new([.. classes.Select(score => (JsonNode)new JsonObject
    {
        ["label"] = score.Label,
        ["support"] = score.Support,
        ["true_positives"] = score.TruePositives,
        ["false_positives"] = score.FalsePositives,
        ["false_negatives"] = score.FalseNegatives,
        ["precision"] = score.Precision,
        ["recall"] = score.Recall,
        ["f1"] = score.F1,
    })]);

    public static JsonObject ByCutoff(IReadOnlyDictionary<int, double> values, string prefix)
    {
        var json = new JsonObject();
        foreach (var (k, value) in values.OrderBy(item => item.Key))
        {
            json[prefix + k.ToString(CultureInfo.InvariantCulture)] = value;
        }

        return json;
    }

    private static JsonObject Of(Recall recall)
    {
        var json = ByCutoff(recall.At, "r@");
        json["median_rank"] = recall.MedianRank;
        return json;
    }
}
