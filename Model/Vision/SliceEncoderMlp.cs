using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>
/// MLP of the slice encoder: exact (erf) GELU between two linear layers. As <see cref="VitMlp"/>, but for the field names, which are those of its
/// own published file.
/// </summary>
internal sealed class SliceEncoderMlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;   // [hidden -> mlp]
    private readonly Linear fc2;   // [mlp -> hidden]

    public SliceEncoderMlp(int hidden, int mlp)
        : base(nameof(SliceEncoderMlp))
    {
        fc1 = Linear(hidden, mlp);
        fc2 = Linear(mlp, hidden);
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = functional.gelu(fc1.call(input));          // [B, T, mlp]
        return fc2.call(inner).MoveToOuterDisposeScope();      // [B, T, hidden]
    }
}
