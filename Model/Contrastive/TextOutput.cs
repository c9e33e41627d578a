using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>Projection, residual, norm: LayerNorm(residual + dropout(dense(x))).</summary>
internal sealed class TextOutput : Module<Tensor, Tensor, Tensor>
{
    /// <summary>In training only.</summary>
    public const double DropoutRate = 0.1;

    private readonly Linear dense;   // [inner -> hidden]
    private readonly LayerNorm LayerNorm;

    public TextOutput(int inner, int hidden, double epsilon)
        : base(nameof(TextOutput))
    {
        dense = Linear(inner, hidden);
        LayerNorm = nn.LayerNorm(hidden, epsilon);
        RegisterComponents();
    }

    /// <param name="input1">[B, T, inner]</param>
    /// <param name="input2">residual [B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        var projected = functional.dropout(dense.call(input1), DropoutRate, training);                   // [B, T, hidden]
        return LayerNorm.call(input2.Plus(projected)).MoveToOuterDisposeScope();                             // [B, T, hidden]
    }
}
