using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Comparison variant: the average of each window, projected. The spatial packer without its attention.</summary>
internal sealed class SpatialPoolingPacker : Module<Tensor, Tensor>
{
    private readonly Sequential proj_mpls;   // [hidden -> out -> out]
    private readonly SpatialPackerConfig _config;

    public SpatialPoolingPacker(SpatialPackerConfig config)
        : base(nameof(SpatialPoolingPacker))
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
        using var scope = NewDisposeScope();
        var pooled = PatchWindows.Group(input, _config).mean([1]).reshape(-1, _config.Tokens, _config.Hidden);   // [B, tokens, hidden]
        return proj_mpls.call(pooled).MoveToOuterDisposeScope();                                                 // [B, tokens, out]
    }
}
