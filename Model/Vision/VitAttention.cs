using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Self-attention of a 3D tower's block: fused projection without bias.</summary>
internal sealed class VitAttention : Module<Tensor, Tensor>
{
    private readonly Linear qkv;        // [hidden -> 3 * hidden], no bias
    private readonly Linear out_proj;   // [hidden -> hidden]
    private readonly int _heads;

    public VitAttention(int hidden, int heads)
        : base(nameof(VitAttention))
    {
        _heads = heads;
        qkv = Linear(hidden, 3 * hidden, hasBias: false);
        out_proj = Linear(hidden, hidden);
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var mixed = MultiHeadAttention.Attend(qkv.call(input), _heads);      // [B, T, hidden]
        return out_proj.call(mixed).MoveToOuterDisposeScope();               // [B, T, hidden]
    }
}
