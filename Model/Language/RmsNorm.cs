using HSENet.Model.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>Root-mean-square normalisation, taken in float32 whatever the type of the weights.</summary>
internal sealed class RmsNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // [hidden]
    private readonly double _epsilon;

    public RmsNorm(int hidden, double epsilon, ScalarType type = ScalarType.Float32)
        : base(nameof(RmsNorm))
    {
        _epsilon = epsilon;
        weight = new Parameter(ones(hidden, dtype: type));
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var wide = input.to_type(ScalarType.Float32);                                             // [B, T, hidden]
        var scale = wide.Squared().mean([-1], keepdim: true).Plus(_epsilon).rsqrt();              // [B, T, 1]
        return (weight.to_type(input.dtype) * (wide * scale).to_type(input.dtype)).MoveToOuterDisposeScope();   // [B, T, hidden]
    }
}
