using HSENet.Model.Text;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels;

/// <summary>
/// First values for the demonstration model, the way a network starts before training: normal numbers scaled by the inputs of each layer, norms
/// one, biases zero. Some scales are larger than usual, so that an untrained network already shows differences: the patch projections, so that
/// patches differ by their content and not only by position; the score projection, so that scores spread over 0..1; and the language model's
/// layers, so that the next token depends on the volume and on the whole text instead of repeating the last one.
/// </summary>
internal sealed class DemoWeights(SeededGenerator random, BpeVocabulary vocabulary)
{
    private const double PatchGain = 4;
    private const double PositionDeviation = 0.3;
    private const double ScoreGain = 2;
    private const double TowerAttentionGain = 1.5;
    private const double LanguageAttentionGain = 3;
    private const double LanguageOutputGain = 2;
    private const double LanguageGateGain = 2;
    private const double LanguageMlpGain = 4;
    private const double VisualTokenGain = 0.3;
    private const double EmbeddingDeviation = 1;

    /// <summary>Tokens that are not a piece of a word start this much smaller, so that they are never the likeliest.</summary>
    private const double SilentGain = 0.01;

    /// <param name="name">Published name of the tensor.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>BF16 values.</returns>
    public Tensor Make(string name, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        var values = new float[count];
        var deviation = Deviation(name, shape);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = IsNorm(name) ? 1 : deviation == 0 ? 0 : (float)(deviation * random.NextNormal());
        }

        if (name.EndsWith("embed_tokens.weight", StringComparison.Ordinal))
        {
            Silence(values, (int)shape[1]);
        }

        using var wide = tensor(values, shape);
        return wide.to_type(ScalarType.BFloat16);
    }

    private static bool IsNorm(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal) && name.Split('.')[^2].Contains("norm", StringComparison.Ordinal);

    private static double Deviation(string name, long[] shape)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal) || name.EndsWith("cls_token", StringComparison.Ordinal))
        {
            return 0;
        }

        if (name.Contains("position_embeddings", StringComparison.Ordinal) || name.Contains("pos_embed", StringComparison.Ordinal))
        {
            return PositionDeviation;
        }

        if (name.Contains("embed_tokens", StringComparison.Ordinal))
        {
            return EmbeddingDeviation;
        }

        var inputs = shape[1..].Aggregate(1L, (product, length) => product * length);
        return Gain(name) / Math.Sqrt(inputs);
    }

    private static double Gain(string name) => name.Split('.')[^2] switch
    {
        "qkv_proj" => LanguageAttentionGain,
        "o_proj" => LanguageOutputGain,
        "gate_up_proj" => LanguageGateGain,
        "down_proj" => LanguageMlpGain,
        "qkv" => TowerAttentionGain,
        "patch_score_proj" => ScoreGain,
        _ when name.Contains("patch_embed", StringComparison.Ordinal) => PatchGain,
        _ when name.Contains("proj_mpls.2", StringComparison.Ordinal) => VisualTokenGain,
        _ => 1,
    };

    private void Silence(float[] rows, int width)
    {
        var loud = vocabulary.Tokens.Where(item => item.Key.Length > 1 || item.Key == ".").Select(item => item.Value).ToHashSet();
        for (var i = 0; i < rows.Length; i++)
        {
            if (!loud.Contains(i / width))
            {
                rows[i] *= (float)SilentGain;
            }
        }
    }
}
