using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>down(up * silu(gate)), gate and up fused in one projection.</summary>
internal sealed class GatedMlp : Module<Tensor, Tensor>
{
    private readonly DecoderLinear gate_up_proj;   // [hidden -> 2 * inner], gate first
    private readonly DecoderLinear down_proj;      // [inner -> hidden]

    public GatedMlp(int hidden, int inner, WeightStorage? storage)
        : base(nameof(GatedMlp))
    {
        gate_up_proj = new DecoderLinear(hidden, 2 * inner, storage);
        down_proj = new DecoderLinear(inner, hidden, storage);
        RegisterComponents();
    }

    public IEnumerable<DecoderLinear> Linears => [gate_up_proj, down_proj];

    /// <inheritdoc cref="PhiLanguageModel.Use"/>
    public void Use(LoraBlock? adapter, bool merged)
    {
        gate_up_proj.Use(adapter?.GateUpProj, merged);
        down_proj.Use(adapter?.DownProj, merged);
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
