using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>down(up * silu(gate)), gate and up fused in one projection.</summary>
internal sealed class GatedMlp : Module<Tensor, Tensor>
{
    private readonly Linear gate_up_proj;   // [hidden -> 2 * inner], gate first
    private readonly Linear down_proj;      // [inner -> hidden]

    public GatedMlp(int hidden, int inner)
        : base(nameof(GatedMlp))
    {
        gate_up_proj = Linear(hidden, 2 * inner, hasBias: false);
        down_proj = Linear(inner, hidden, hasBias: false);
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = gate_up_proj.call(input).chunk(2, dim: -1);                   // 2 x [B, T, inner]
        var inner = functional.silu(halves[0]) * halves[1];                        // [B, T, inner]
        return down_proj.call(inner).MoveToOuterDisposeScope();                    // [B, T, hidden]
    }
}
