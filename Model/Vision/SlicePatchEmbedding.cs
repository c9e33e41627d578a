using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Patch projection of the slice encoder (a convolution whose stride is its kernel).</summary>
internal sealed class SlicePatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;   // [3, patch, patch] -> hidden

    public SlicePatchEmbedding(SliceEncoderConfig config)
        : base(nameof(SlicePatchEmbedding))
    {
        proj = Conv2d(3, config.Hidden, config.Patch, stride: config.Patch);
        RegisterComponents();
    }

    /// <param name="input">[B, 3, image, image]</param>
    /// <returns>[B, grid * grid, hidden], row-major</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return proj.call(input).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();   // [B, N, hidden]
    }
}
