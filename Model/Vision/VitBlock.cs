using HSENet.Model.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Pre-norm transformer block of a 3D tower: x + attn(norm1(x)), then x + mlp(norm2(x)).</summary>
internal sealed class VitBlock : Module<Tensor, Tensor>
{
    private readonly VitMlp mlp;
    private readonly LayerNorm norm1;
    private readonly VitAttention attn;
    private readonly LayerNorm norm2;

    public VitBlock(int hidden, int heads, int inner)
        : base(nameof(VitBlock))
    {
        mlp = new VitMlp(hidden, inner);
        norm1 = LayerNorm(hidden);
        attn = new VitAttention(hidden, heads);
        norm2 = LayerNorm(hidden);
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var attended = input.Plus(attn.call(norm1.call(input)));                           // [B, T, hidden]
        return attended.Plus(mlp.call(norm2.call(attended))).MoveToOuterDisposeScope();      // [B, T, hidden]
    }
}
