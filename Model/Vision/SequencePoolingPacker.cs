using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Comparison variant: the average of each run of successive patches in row-major order, projected. As many tokens as the windows give.</summary>
internal sealed class SequencePoolingPacker : Module<Tensor, Tensor>
{
    private readonly Sequential proj_mpls;   // [hidden -> out -> out]
    private readonly SpatialPackerConfig _config;

    public SequencePoolingPacker(SpatialPackerConfig config)
        : base(nameof(SequencePoolingPacker))
    {
        _config = config.Validated();
        proj_mpls = PackerProjection.Create(config);
        RegisterComponents();
        eval();
    }

    /// <param name="input">patch features without CLS [B, N, hidden]</param>
    /// <returns>[B, tokens, out]</returns>
    public override Tensor forward(Tensor input)
    {
        PatchWindows.Check(input, _config);
        using var scope = NewDisposeScope();
        var pooled = input.reshape(-1, _config.Tokens, _config.WindowPatches, _config.Hidden).mean([2]);   // [B, tokens, hidden]
        return proj_mpls.call(pooled).MoveToOuterDisposeScope();                                           // [B, tokens, out]
    }
}
