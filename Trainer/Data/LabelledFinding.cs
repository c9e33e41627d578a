using System.Text.Json.Serialization;

namespace HSENet.Trainer.Data;

/// <summary>What is known of one finding of a volume; for scoring side and size.</summary>
/// <param name="Label">One of <see cref="Evaluation.Labels.ChestLabels"/>.</param>
/// <param name="Side"><c>right</c>, <c>left</c>, <c>both</c> or null.</param>
/// <param name="Lobe"><c>upper</c>, <c>middle</c>, <c>lower</c> or null.</param>
/// <param name="SizeMm">Largest diameter, or null.</param>
/// <param name="Extent"><c>small</c>, <c>moderate</c> or null.</param>
internal sealed record LabelledFinding([property: JsonRequired] string Label, string? Side = null, string? Lobe = null, int? SizeMm = null, string? Extent = null);
