using System.Text.Json.Serialization;

namespace HSENet.Model.Language;

/// <summary>Phi's rotary scaling: each frequency is divided by a factor of its own, one list for short and one for long sequences.</summary>
internal sealed record LongRopeScaling
{
    /// <summary><c>longrope</c>, or <c>su</c> in older files.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>One divisor per rotated pair, for sequences within the original context.</summary>
    [JsonPropertyName("short_factor")]
    public required double[] ShortFactor { get; init; }

    /// <summary>One divisor per rotated pair, for longer sequences.</summary>
    [JsonPropertyName("long_factor")]
    public required double[] LongFactor { get; init; }

    /// <summary>Multiplier of cosine and sine; null: derived from the two context lengths.</summary>
    [JsonPropertyName("attention_factor")]
    public double? AttentionFactor { get; init; }

    public void Validate(int pairs)
    {
        if (Type is not ("longrope" or "su"))
        {
            throw new HSENetModelException("model.unsupported", $"language.rope_scaling.type '{Type}' is not supported.");
        }

        if (ShortFactor.Length != pairs || LongFactor.Length != pairs || ShortFactor.Concat(LongFactor).Any(factor => !(factor > 0)))
        {
            throw new HSENetModelException("model.config", $"language.rope_scaling needs {pairs} positive short and long factors.");
        }
    }
}
