using System.Text.Json.Serialization;

namespace HSENet.Model.Language;

/// <summary>Size of a low-rank adapter.</summary>
/// <param name="Rank">Inner width.</param>
/// <param name="Alpha">The adapter's output is scaled by Alpha / Rank.</param>
internal sealed record LoraConfig([property: JsonPropertyName("rank")] int Rank, [property: JsonPropertyName("alpha")] double Alpha);
