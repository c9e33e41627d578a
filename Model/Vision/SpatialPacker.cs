using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>
/// Packs the patch features of one tower into few visual tokens: the average of each window of patches asks the window's patches, and the
/// answer is projected to the language model's width. 14,166,528 parameters at full size. Token index = (d * H + h) * W + w over the points.
/// </summary>
internal sealed class SpatialPacker : Module<Tensor, Tensor>
{
    private readonly Sequential proj_mpls;                         // [hidden -> out -> out]
    private readonly SingleHeadAttention resolution_attention;

    public SpatialPacker(SpatialPackerConfig config)
        : base(nameof(SpatialPacker))
    {
        Config = config.Validated();
        proj_mpls = PackerProjection.Create(config);
        resolution_attention = new SingleHeadAttention(config.Hidden);
        RegisterComponents();
        eval();
    }

    public SpatialPackerConfig Config { get; }

    /// <param name="input">patch features without CLS [B, N, hidden]</param>
    /// <returns>[B, tokens, out]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var windows = PatchWindows.Group(input, Config);                              // [B * tokens, window, hidden]
        var centroids = windows.mean([1], keepdim: true);                                 // [B * tokens, 1, hidden]
        var packed = resolution_attention.call(centroids, windows, null)
            .reshape(input.shape[0], Config.Tokens, Config.Hidden);                       // [B, tokens, hidden]
        return proj_mpls.call(packed).MoveToOuterDisposeScope();                          // [B, tokens, out]
    }
}
