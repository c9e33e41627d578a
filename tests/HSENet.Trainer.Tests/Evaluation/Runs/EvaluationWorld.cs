using System.Text.Json.Nodes;
using HSENet.TestKit;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Evaluation.Runs;

/// <summary>Phantoms and a tiny model, made once for all tests of the command.</summary>
public sealed class EvaluationWorld : IDisposable
{
    public const int Cases = 6;

    private readonly TempFolder _folder = new("evaluate");

    public EvaluationWorld()
    {
        TrainerRun.Of("phantoms", "--out", _folder.Path("data"), "--count", "6", "--seed", "7").Done();
        TinyModel.Write(Model);
    }

    public string Root => _folder.Root;

    public string Model => _folder.Path("model");

    public string Manifest => Path.Combine(_folder.Path("data"), ManifestWriter.FileName);

    /// <summary>A new folder for results.</summary>
    public string NewOut(string name) => _folder.Path($"{name}-{Path.GetRandomFileName()}");

    /// <summary>One run; volumes are preprocessed once for all of them.</summary>
    internal TrainerRun Run(string task, string target, params string[] more) =>
        TrainerRun.Of(["evaluate", "--task", task, "--data", Manifest, "--model", Model, "--out", target, "--cache", _folder.Path("cache"), .. more]);

    internal static JsonNode Metrics(string target) => JsonNode.Parse(File.ReadAllText(Path.Combine(target, "metrics.json")))!;

    internal static JsonObject[] Lines(string target, string name = "predictions.jsonl") => [.. File.ReadAllLines(Path.Combine(target, name)).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>Puts other values into the predictions: what a perfect model would have written.</summary>
    internal static void Rewrite(string target, string name, Action<JsonObject, int> change)
    {
        var lines = Lines(target, name);
        for (var i = 0; i < lines.Length; i++)
        {
            change(lines[i], i);
        }

        File.WriteAllLines(Path.Combine(target, name), lines.Select(line => line.ToJsonString()));
    }

    internal IReadOnlyList<ManifestItem> Items() => ManifestReader.Read(Manifest).Items;

    public void Dispose() => _folder.Dispose();
}
