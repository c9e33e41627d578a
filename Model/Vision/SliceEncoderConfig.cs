namespace HSENet.Model.Vision;

/// <summary>Sizes of the 2D slice encoder (a ViT trunk without classifier).</summary>
/// <param name="Image">Side of the square input image, pixels.</param>
/// <param name="Patch">Side of a patch, pixels.</param>
/// <param name="Hidden">Width of a token and of the slice feature.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Mlp">Inner width of a block's MLP.</param>
internal sealed record SliceEncoderConfig(int Image, int Patch, int Hidden, int Layers, int Heads, int Mlp)
{
    /// <summary>ViT-B/16 at 224 pixels, as in BiomedCLIP.</summary>
    public static SliceEncoderConfig Full { get; } = new(224, 16, 768, 12, 12, 3072);

    /// <summary>For tests and the demonstration model.</summary>
    public static SliceEncoderConfig Tiny { get; } = new(32, 16, 32, 2, 4, 64);

    /// <summary>Patches along one side.</summary>
    public int Grid => Image / Patch;

    /// <summary>CLS and patches.</summary>
    public int Tokens => (Grid * Grid) + 1;

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public SliceEncoderConfig Validated()
    {
        ConfigCheck.Positive("slices.encoder", Image, Patch, Hidden, Layers, Heads, Mlp);
        ConfigCheck.Divides("slices.encoder.image/patch", Image, Patch);
        ConfigCheck.Divides("slices.width/encoder.heads", Hidden, Heads);
        return this;
    }
}
