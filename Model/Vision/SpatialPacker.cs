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
        proj_mpls = Sequential(("0", Linear(config.Hidden, config.Out)), ("1", GELU()), ("2", Linear(config.Out, config.Out)));
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
        var windows = Windows(input);                                                     // [B * tokens, window, hidden]
        var centroids = windows.mean([1], keepdim: true);                                 // [B * tokens, 1, hidden]
        var packed = resolution_attention.call(centroids, windows)
            .reshape(input.shape[0], Config.Tokens, Config.Hidden);                       // [B, tokens, hidden]
        return proj_mpls.call(packed).MoveToOuterDisposeScope();                          // [B, tokens, out]
    }

    /// <summary>Groups the patches by the token that owns them, row-major inside each window.</summary>
    /// <param name="patches">[B, N, hidden]</param>
    /// <returns>[B * tokens, window, hidden]</returns>
    public Tensor Windows(Tensor patches)
    {
        var (points, window) = (Config.Points, Config.Window);
        if (patches.shape is not [_, var count, var hidden] || count != (long)Config.Tokens * Config.WindowPatches || hidden != Config.Hidden)
        {
            throw new HSENetModelException(
                "model.input",
                $"Patch features must be [B, {Config.Tokens * Config.WindowPatches}, {Config.Hidden}], found [{string.Join(", ", patches.shape)}].");
        }

        using var scope = NewDisposeScope();
        return patches.reshape(-1, points.D, window.D, points.H, window.H, points.W, window.W, Config.Hidden)
            .permute(0, 1, 3, 5, 2, 4, 6, 7)                                              // [B, D, H, W, kD, kH, kW, hidden]
            .reshape(-1, Config.WindowPatches, Config.Hidden).MoveToOuterDisposeScope();  // [B * tokens, window, hidden]
    }
}
