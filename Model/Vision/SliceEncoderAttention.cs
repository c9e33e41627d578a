using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Self-attention of the slice encoder: fused projection with bias.</summary>
internal sealed class SliceEncoderAttention : Module<Tensor, Tensor>
{
    private readonly Linear qkv;     // [hidden -> 3 * hidden]
    private readonly Linear proj;    // [hidden -> hidden]
    private readonly int _heads;

    public SliceEncoderAttention(int hidden, int heads)
        : base(nameof(SliceEncoderAttention))
    {
        _heads = heads;
        qkv = Linear(hidden, 3 * hidden);
        proj = Linear(hidden, hidden);
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var mixed = MultiHeadAttention.Attend(qkv.call(input), _heads);     // [B, T, hidden]
        return proj.call(mixed).MoveToOuterDisposeScope();                  // [B, T, hidden]
    }
}
