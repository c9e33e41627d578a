using System.Text.Json.Serialization;

namespace HSENet.Model.Language;

/// <summary>
/// Sizes of the language model: the fields of Phi's config.json that decide the arithmetic, under their own names. Other fields of that file
/// are read over; those that would change the arithmetic in a way that is not built here are refused by <see cref="Validated"/>.
/// </summary>
internal sealed record PhiConfig
{
    /// <summary>Width of a token.</summary>
    [JsonPropertyName("hidden_size")]
    public required int HiddenSize { get; init; }

    /// <summary>Decoder layers.</summary>
    [JsonPropertyName("num_hidden_layers")]
    public required int LayerCount { get; init; }

    /// <summary>Query heads.</summary>
    [JsonPropertyName("num_attention_heads")]
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads; each serves HeadCount / KeyValueHeadCount query heads.</summary>
    [JsonPropertyName("num_key_value_heads")]
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Inner width of the gated MLP.</summary>
    [JsonPropertyName("intermediate_size")]
    public required int IntermediateSize { get; init; }

    /// <summary>Rows of the embedding table.</summary>
    [JsonPropertyName("vocab_size")]
    public required int VocabularySize { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    [JsonPropertyName("rope_theta")]
    public double RopeTheta { get; init; } = 10000;

    /// <summary>Share of each head that is rotated; the rest passes through.</summary>
    [JsonPropertyName("partial_rotary_factor")]
    public double PartialRotaryFactor { get; init; } = 1;

    [JsonPropertyName("rms_norm_eps")]
    public double RmsNormEpsilon { get; init; } = 1e-5;

    /// <summary>Most positions that the model may see, tokens.</summary>
    [JsonPropertyName("max_position_embeddings")]
    public required int MaxPositions { get; init; }

    /// <summary>Up to this length the short factors hold, beyond it the long ones.</summary>
    [JsonPropertyName("original_max_position_embeddings")]
    public int? OriginalMaxPositions { get; init; }

    /// <summary>Null: plain rotary frequencies.</summary>
    [JsonPropertyName("rope_scaling")]
    public LongRopeScaling? RopeScaling { get; init; }

    /// <summary>
    /// Positions that attention looks back over, itself included. A sequence that fits the window is computed exactly; a longer one would need a
    /// mask that is not built here and is refused (<see cref="LongestSequence"/>). Null: no limit.
    /// </summary>
    [JsonPropertyName("sliding_window")]
    public int? SlidingWindow { get; init; }

    [JsonPropertyName("tie_word_embeddings")]
    public bool TieWordEmbeddings { get; init; } = true;

    [JsonPropertyName("hidden_act")]
    public string Activation { get; init; } = "silu";

    [JsonPropertyName("attention_bias")]
    public bool AttentionBias { get; init; }

    /// <summary>Low-rank adapter on the four linear layers of each block; null for none.</summary>
    [JsonPropertyName("lora")]
    public LoraConfig? Lora { get; init; }

    /// <summary>Width of one head.</summary>
    [JsonIgnore]
    public int HeadSize => HiddenSize / HeadCount;

    /// <summary>Leading part of each head that is rotated.</summary>
    [JsonIgnore]
    public int RotarySize => (int)(HeadSize * PartialRotaryFactor);

    /// <summary>Length up to which the short factors hold.</summary>
    [JsonIgnore]
    public int ShortContext => RopeScaling is null ? MaxPositions : OriginalMaxPositions ?? MaxPositions;

    /// <summary>Most positions of one sequence, prompt included.</summary>
    [JsonIgnore]
    public int LongestSequence => Math.Min(MaxPositions, SlidingWindow ?? MaxPositions);

    /// <exception cref="HSENetModelException"><c>model.config</c>: sizes that do not fit; <c>model.unsupported</c>: a variant not built here.</exception>
    public PhiConfig Validated()
    {
        Require(HiddenSize > 0 && LayerCount > 0 && HeadCount > 0 && KeyValueHeadCount > 0 && IntermediateSize > 0 && VocabularySize > 0
            && MaxPositions > 0 && OriginalMaxPositions is not <= 0 && SlidingWindow is not <= 0, "every size must be positive");
        Require(HiddenSize % HeadCount == 0, $"hidden_size {HiddenSize} is not a multiple of num_attention_heads {HeadCount}");
        Require(HeadCount % KeyValueHeadCount == 0, $"num_attention_heads {HeadCount} is not a multiple of num_key_value_heads {KeyValueHeadCount}");
        Require(PartialRotaryFactor is > 0 and <= 1 && RotarySize > 0 && RotarySize % 2 == 0, $"{RotarySize} rotated dimensions of {HeadSize} are not an even part");
        Require(RopeTheta > 1 && RmsNormEpsilon > 0, "rope_theta or rms_norm_eps is out of range");
        RopeScaling?.Validate(RotarySize / 2);
        if (!TieWordEmbeddings || AttentionBias || Activation != "silu")
        {
            throw new HSENetModelException("model.unsupported", "language: only tied embeddings, no attention bias and silu are supported.");
        }

        return this;
    }

    /// <exception cref="HSENetModelException"><c>model.context</c>: more positions than <see cref="LongestSequence"/>.</exception>
    public void CheckLength(long positions)
    {
        if (positions > LongestSequence)
        {
            throw new HSENetModelException("model.context", $"{positions} positions are more than the language model's {LongestSequence}.");
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new HSENetModelException("model.config", $"language: {message}.");
        }
    }
}
