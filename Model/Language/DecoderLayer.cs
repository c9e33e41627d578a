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

    public DecoderLayer(PhiConfig config)
        : base(nameof(DecoderLayer))
    {
        input_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon);
        self_attn = new GroupedQueryAttention(config);
        post_attention_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon);
        mlp = new GatedMlp(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    /// <param name="input1">[B, T, hidden]</param>
    /// <param name="input2">Rotary table and cache.</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, LayerState input2)
    {
        using var scope = NewDisposeScope();
        var attended = input1 + self_attn.call(input_layernorm.call(input1), input2);                       // [B, T, hidden]
        return (attended + mlp.call(post_attention_layernorm.call(attended))).MoveToOuterDisposeScope();    // [B, T, hidden]
    }
}
