using System.Text.Json.Serialization;

namespace HSENet.Model.Language;

/// <summary>Size of a low-rank adapter.</summary>
/// <param name="Rank">Inner width.</param>
/// <param name="Alpha">The adapter's output is scaled by Alpha / Rank.</param>
internal sealed record LoraConfig([property: JsonPropertyName("rank")] int Rank, [property: JsonPropertyName("alpha")] double Alpha)
{
    /// <summary>Share of the input that training drops; not part of hsenet.json.</summary>
    [JsonIgnore]
    public double Dropout { get; init; } = 0.05;

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public LoraConfig Validated() => Rank is > 0 and <= 4096 && double.IsFinite(Alpha) && Alpha > 0
        ? this
        : throw new HSENetModelException("model.config", "language.lora: rank and alpha must be positive.");
}
