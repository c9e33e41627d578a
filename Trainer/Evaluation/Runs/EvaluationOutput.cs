using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The files of an output folder.</summary>
internal static class EvaluationOutput
{
    public const string Metrics = "metrics.json";
    public const string Predictions = "predictions.jsonl";
    public const string Swapped = "predictions-swapped.jsonl";
    public const string Embeddings = "embeddings.jsonl";
    public const string Samples = "samples.jsonl";
    public const string Page = "evaluation.html";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static readonly JsonSerializerOptions s_line = new(s_json) { WriteIndented = false };

    public static void WriteMetrics(string directory, JsonObject metrics) => Replace(Path.Combine(directory, Metrics), path => File.WriteAllText(path, metrics.ToJsonString(s_json) + "\n"));

    public static void WriteLines<T>(string path, IEnumerable<T> lines) =>
        Replace(path, partial => File.WriteAllText(partial, string.Concat(lines.Select(line => JsonSerializer.Serialize(line, s_line) + "\n"))));

    /// <summary>A file appears whole.</summary>
    public static void Replace(string path, Action<string> write)
    {
        var partial = path + ".partial";
        write(partial);
        File.Move(partial, path, overwrite: true);
    }
}
