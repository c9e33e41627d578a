using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>Pre-norm decoder block: x + attention(norm(x)), then x + mlp(norm(x)).</summary>
internal sealed class DecoderLayer : Module<Tensor, LayerState, Tensor>
{
    private readonly RmsNorm input_layernorm;
    private readonly GroupedQueryAttention self_attn;
    private readonly RmsNorm post_attention_layernorm;
    private readonly GatedMlp mlp;

    public DecoderLayer(PhiConfig config, WeightStorage? storage)
        : base(nameof(DecoderLayer))
    {
        input_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, storage?.FloatType ?? ScalarType.Float32);
        self_attn = new GroupedQueryAttention(config, storage);
        post_attention_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, storage?.FloatType ?? ScalarType.Float32);
        mlp = new GatedMlp(config.HiddenSize, config.IntermediateSize, storage);
        RegisterComponents();
    }

    public IEnumerable<DecoderLinear> Linears => [.. self_attn.Linears, .. mlp.Linears];

    /// <inheritdoc cref="PhiLanguageModel.Use"/>
    public void Use(LoraBlock? adapter, bool merged)
    {
        self_attn.Use(adapter, merged);
        mlp.Use(adapter, merged);
    }

    /// <param name="input1">[B, T, hidden]</param>
    /// <param name="input2">Rotary table and cache.</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, LayerState input2)
    {
        using var scope = NewDisposeScope();
        var attended = input1.Plus(self_attn.call(input_layernorm.call(input1), input2));                   // [B, T, hidden]
        return attended.Plus(mlp.call(post_attention_layernorm.call(attended))).MoveToOuterDisposeScope();    // [B, T, hidden]
    }
}
