using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>First layer of a block's MLP, with exact (erf) GELU.</summary>
internal sealed class TextIntermediate : Module<Tensor, Tensor>
{
    private readonly Linear dense;   // [hidden -> intermediate]

    public TextIntermediate(TextEncoderConfig config)
        : base(nameof(TextIntermediate))
    {
        dense = Linear(config.Hidden, config.Intermediate);
        RegisterComponents();
    }

    /// <param name="input">[B, T, hidden]</param>
    /// <returns>[B, T, intermediate]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return functional.gelu(dense.call(input)).MoveToOuterDisposeScope();
    }
}
