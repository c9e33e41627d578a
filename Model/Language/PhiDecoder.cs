using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>Embedding table, decoder layers and the final norm: what the published files keep under <c>model.</c></summary>
internal sealed class PhiDecoder : Module<Tensor, RotaryTable, KeyValueCache?, Tensor>
{
    private readonly TokenEmbedding embed_tokens;        // [vocabulary, hidden]
    private readonly ModuleList<DecoderLayer> layers;
    private readonly RmsNorm norm;

    public PhiDecoder(PhiConfig config, WeightStorage? storage)
        : base(nameof(PhiDecoder))
    {
        embed_tokens = new TokenEmbedding(config.VocabularySize, config.HiddenSize, storage);
        layers = new ModuleList<DecoderLayer>([.. Enumerable.Range(0, config.LayerCount).Select(_ => new DecoderLayer(config, storage))]);
        norm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, storage?.FloatType ?? ScalarType.Float32);
        RegisterComponents();
    }

    /// <summary>Also the output projection (tied).</summary>
    public TokenEmbedding Embedding => embed_tokens;

    public IReadOnlyList<DecoderLayer> Layers => [.. layers];

    /// <param name="input1">embeddings [B, T, hidden]</param>
    /// <param name="input2">Covers every position.</param>
    /// <param name="input3">Null: the input is the whole sequence.</param>
    /// <returns>[B, T, hidden], normed</returns>
    public override Tensor forward(Tensor input1, RotaryTable input2, KeyValueCache? input3)
    {
        using var scope = NewDisposeScope();
        var hidden = input1;
        for (var layer = 0; layer < layers.Count; layer++)
        {
            hidden = layers[layer].call(hidden, new LayerState(input2, input3, layer));    // [B, T, hidden]
        }

        input3?.Advance((int)input1.shape[1]);
        return norm.call(hidden).MoveToOuterDisposeScope();                                // [B, T, hidden]
    }
}
