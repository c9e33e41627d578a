namespace HSENet.Model.Vision;

/// <summary>
/// Sizes of one 3D vision tower. The first axis of a volume is depth (slices); the two others are the in-plane axes, in the order of
/// <c>preprocessing.axes</c>.
/// </summary>
/// <param name="Depth">Voxels along the depth axis.</param>
/// <param name="Height">Voxels along in-plane axis 1.</param>
/// <param name="Width">Voxels along in-plane axis 2.</param>
/// <param name="PatchDepth">Patch length along the depth axis.</param>
/// <param name="PatchHeight">Patch length along axis 1.</param>
/// <param name="PatchWidth">Patch length along axis 2.</param>
/// <param name="Hidden">Width of a token.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Mlp">Inner width of a block's MLP.</param>
internal sealed record Vit3DConfig(
    int Depth, int Height, int Width, int PatchDepth, int PatchHeight, int PatchWidth, int Hidden, int Layers, int Heads, int Mlp)
{
    /// <summary>The published towers: 2048 patches of 1024 voxels.</summary>
    public static Vit3DConfig Full { get; } = new(32, 256, 256, 4, 16, 16, 768, 12, 12, 3072);

    /// <summary>For tests and the demonstration model: 16 patches.</summary>
    public static Vit3DConfig Tiny { get; } = new(8, 32, 64, 4, 16, 16, 32, 2, 4, 64);

    public (int D, int H, int W) Image => (Depth, Height, Width);

    /// <summary>Patches along each axis.</summary>
    public (int D, int H, int W) Grid => (Depth / PatchDepth, Height / PatchHeight, Width / PatchWidth);

    /// <summary>Patches of a volume (CLS not counted).</summary>
    public int Tokens => Grid.D * Grid.H * Grid.W;

    /// <summary>Voxels of one patch.</summary>
    public int PatchVoxels => PatchDepth * PatchHeight * PatchWidth;

    /// <exception cref="HSENetModelException"><c>model.config</c>: a size is not positive or does not divide.</exception>
    public Vit3DConfig Validated()
    {
        ConfigCheck.Positive("vision", Depth, Height, Width, PatchDepth, PatchHeight, PatchWidth, Hidden, Layers, Heads, Mlp);
        ConfigCheck.Divides("vision.image/patch (depth)", Depth, PatchDepth);
        ConfigCheck.Divides("vision.image/patch (axis 1)", Height, PatchHeight);
        ConfigCheck.Divides("vision.image/patch (axis 2)", Width, PatchWidth);
        ConfigCheck.Divides("vision.hidden/heads", Hidden, Heads);
        return this;
    }
}
