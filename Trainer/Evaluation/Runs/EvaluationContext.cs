using System.Text.Json.Nodes;
using HSENet.Model.Configuration;
using HSENet.Trainer.Evaluation.Pages;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>What the evaluation of a task works with.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Directory">The model.</param>
/// <param name="Cases">The studies.</param>
/// <param name="Page">Grows.</param>
/// <param name="Metrics">Grow.</param>
/// <param name="Output">For people.</param>
/// <param name="Stop">Looked at between items and tokens.</param>
internal sealed record EvaluationContext(
    EvaluationRequest Request, ModelDirectory Directory, EvaluationCases Cases, EvaluationPage Page, JsonObject Metrics, TextWriter Output, CancellationToken Stop)
{
    /// <summary>A file of the output folder.</summary>
    public string File(string name) => Path.Combine(Request.Out, name);

    /// <summary>Adds keys to the metrics.</summary>
    public void Add(JsonObject values)
    {
        foreach (var (key, value) in values.ToArray())
        {
            values.Remove(key);
            Metrics[key] = value;
        }
    }
}
