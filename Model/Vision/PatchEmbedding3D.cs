using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>
/// Cuts a volume into patches, projects each linearly and adds a learned position. Patch index = (d * H + h) * W + w over the grid;
/// voxel index inside a patch likewise.
/// </summary>
internal sealed class PatchEmbedding3D : Module<Tensor, Tensor>
{
    private readonly Parameter position_embeddings;     // [1, N, hidden]
    private readonly Sequential patch_embeddings;       // "1": [voxels of a patch -> hidden] ("0" is the rearrangement, without weights)
    private readonly Vit3DConfig _config;

    public PatchEmbedding3D(Vit3DConfig config)
        : base(nameof(PatchEmbedding3D))
    {
        _config = config;
        var linear = Linear(config.PatchVoxels, config.Hidden);
        PatchInit.Fill(linear.weight!);
        using (no_grad())
        {
            linear.bias!.zero_();
        }

        position_embeddings = new Parameter(zeros(1, config.Tokens, config.Hidden));
        PatchInit.Fill(position_embeddings);
        patch_embeddings = Sequential(("1", linear));
        RegisterComponents();
    }

    /// <param name="input">[B, 1, D, H, W]</param>
    /// <returns>[B, N, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return patch_embeddings.call(Flatten(input)).Plus(position_embeddings).MoveToOuterDisposeScope();   // [B, N, hidden]
    }

    /// <param name="volume">[B, 1, D, H, W]</param>
    /// <returns>[B, N, voxels of a patch]</returns>
    public Tensor Flatten(Tensor volume)
    {
        var (d, h, w) = _config.Image;
        if (volume.shape is not [_, 1, var depth, var height, var width] || depth != d || height != h || width != w)
        {
            throw new HSENetModelException("model.input", $"A volume must be [B, 1, {d}, {h}, {w}], found [{string.Join(", ", volume.shape)}].");
        }

        using var scope = NewDisposeScope();
        var (gd, gh, gw) = _config.Grid;
        return volume.reshape(-1, gd, _config.PatchDepth, gh, _config.PatchHeight, gw, _config.PatchWidth)   // [B, gD, pD, gH, pH, gW, pW]
            .permute(0, 1, 3, 5, 2, 4, 6)                                                                    // [B, gD, gH, gW, pD, pH, pW]
            .reshape(-1, _config.Tokens, _config.PatchVoxels).MoveToOuterDisposeScope();                     // [B, N, voxels]
    }
}
