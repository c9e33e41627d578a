using HSENet.Model.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Pre-norm block of the slice encoder, with the names of the published trunk.</summary>
internal sealed class SliceEncoderBlock : Module<Tensor, Tensor>
{
    /// <summary>LayerNorm epsilon of the slice encoder (the 3D towers have 1e-5).</summary>
    public const double Epsilon = 1e-6;

    private readonly LayerNorm norm1;
    private readonly SliceEncoderAttention attn;
    private readonly LayerNorm norm2;
    private readonly SliceEncoderMlp mlp;

    public SliceEncoderBlock(int hidden, int heads, int inner)
        : base(nameof(SliceEncoderBlock))
    {
        norm1 = LayerNorm(hidden, Epsilon);
        attn = new SliceEncoderAttention(hidden, heads);
        norm2 = LayerNorm(hidden, Epsilon);
        mlp = new SliceEncoderMlp(hidden, inner);
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
