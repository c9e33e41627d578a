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

    /// <summary>The whole sequence, for training with gradient checkpointing: between the passes only each layer's input is held.</summary>
    /// <param name="embeddings">[B, T, hidden]</param>
    /// <param name="rotary">Makes the rotary table; asked again when a layer is run again.</param>
    /// <param name="surround">As in <see cref="Recomputed.Run"/>.</param>
    /// <returns>[B, T, hidden], normed</returns>
    public Tensor ForwardRecomputed(Tensor embeddings, Func<RotaryTable> rotary, Func<IDisposable?>? surround)
    {
        using var scope = NewDisposeScope();
        var hidden = embeddings;
        for (var index = 0; index < layers.Count; index++)
        {
            var (layer, number) = (layers[index], index);
            hidden = Recomputed.Run(
                hidden,
                input =>
                {
                    using var table = rotary();
                    return layer.call(input, new LayerState(table, null, number));
                },
                surround);                                                                 // [B, T, hidden]
        }

        return norm.call(hidden).MoveToOuterDisposeScope();                                // [B, T, hidden]
    }

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
            input3?.Stop.ThrowIfCancellationRequested();
            hidden = layers[layer].call(hidden, new LayerState(input2, input3, layer));    // [B, T, hidden]
        }

        input3?.Advance((int)input1.shape[1]);
        return norm.call(hidden).MoveToOuterDisposeScope();                                // [B, T, hidden]
    }
}
