using System.Text.Json;
using System.Text.Json.Nodes;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>The JSON of <c>score</c> (design.md section 3).</summary>
internal static class TextScoresFile
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true };

    public static void Write(string path, TextScores scores)
    {
        var json = ToJson(scores).ToJsonString(s_options);
        File.WriteAllText(path, json + "\n");
    }

    public static JsonObject ToJson(TextScores scores)
    {
        var json = new JsonObject { ["count"] = scores.Count };
        for (var n = 0; n < scores.Bleu.Count; n++)
        {
            json[$"bleu{n + 1}"] = scores.Bleu[n];
        }

        for (var n = 0; n < scores.HSENetBleu.Count; n++)
        {
            json[$"hsenet_bleu{n + 1}"] = scores.HSENetBleu[n];
        }

        json["rouge1"] = scores.Rouge1;
        json["rougeL"] = scores.RougeL;
        json["meteor"] = scores.Meteor;
        json["meteor_name"] = scores.MeteorName;
        if (scores.Bert is { } bert)
        {
            json["bertscore"] = bert.F1;
            json["bertscore_precision"] = bert.Precision;
            json["bertscore_recall"] = bert.Recall;
            json["bertscore_rescaled"] = bert.RescaledF1;
            json["bertscore_idf"] = bert.RarityF1;
            json["bertscore_name"] = bert.Name;
        }

        if (scores.Rate is { } rate)
        {
            json["ratescore"] = rate.Score;
        }

        json["label_micro_precision"] = scores.Labels.Micro.Precision;
        json["label_micro_recall"] = scores.Labels.Micro.Recall;
        json["label_micro_f1"] = scores.Labels.Micro.F1;
        json["label_macro_f1"] = scores.Labels.MacroF1;
        json["label_macro_f1_supported"] = scores.Labels.SupportedMacroF1;
        json["side_accuracy"] = scores.SideAccuracy;
        json["labels"] = new JsonArray([.. scores.Labels.Classes.Select(score => (JsonNode)new JsonObject
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
        return json;
    }
}
