using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>MLP of a 3D tower's block: exact (erf) GELU between two linear layers.</summary>
internal sealed class VitMlp : Module<Tensor, Tensor>
{
    private readonly Linear linear1;   // [hidden -> mlp]
    private readonly Linear linear2;   // [mlp -> hidden]

    public VitMlp(int hidden, int mlp)
        : base(nameof(VitMlp))
    {
        linear1 = Linear(hidden, mlp);
        linear2 = Linear(mlp, hidden);
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = functional.gelu(linear1.call(input));          // [B, T, mlp]
        return linear2.call(inner).MoveToOuterDisposeScope();      // [B, T, hidden]
    }
}
