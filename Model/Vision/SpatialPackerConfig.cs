namespace HSENet.Model.Vision;

/// <summary>Sizes of one spatial packer: a grid of patch features becomes a smaller grid of visual tokens.</summary>
/// <param name="Grid">Patches along each axis (the tower's grid).</param>
/// <param name="Points">Visual tokens along each axis (the paper's stride).</param>
/// <param name="Hidden">Width of a patch feature.</param>
/// <param name="Out">Width of a visual token (the language model's hidden size).</param>
internal sealed record SpatialPackerConfig((int D, int H, int W) Grid, (int D, int H, int W) Points, int Hidden, int Out)
{
    /// <summary>Layers of a Q-Former for which the configuration names no number.</summary>
    public const int DefaultLayers = 2;

    /// <summary>Layers of a Q-Former; other kinds have none.</summary>
    public int Layers { get; init; } = DefaultLayers;

    /// <summary>Attention heads of a Q-Former.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>The published packers: windows 1 x 4 x 4, 128 tokens.</summary>
    public static SpatialPackerConfig Full { get; } = new((8, 16, 16), (8, 4, 4), 768, 3072);

    /// <summary>For tests and the demonstration model: 8 tokens from the grid of <see cref="Vit3DConfig.Tiny"/>.</summary>
    public static SpatialPackerConfig Tiny { get; } = new(Vit3DConfig.Tiny.Grid, (2, 2, 2), 32, 48);

    /// <summary>Patches per token along each axis.</summary>
    public (int D, int H, int W) Window => (Grid.D / Points.D, Grid.H / Points.H, Grid.W / Points.W);

    /// <summary>Patches per token.</summary>
    public int WindowPatches => Window.D * Window.H * Window.W;

    /// <summary>Visual tokens.</summary>
    public int Tokens => Points.D * Points.H * Points.W;

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public SpatialPackerConfig Validated()
    {
        ConfigCheck.Positive("packer", Grid.D, Grid.H, Grid.W, Points.D, Points.H, Points.W, Hidden, Out, Layers, Heads);
        ConfigCheck.Divides("packer.points (depth)", Grid.D, Points.D);
        ConfigCheck.Divides("packer.points (axis 1)", Grid.H, Points.H);
        ConfigCheck.Divides("packer.points (axis 2)", Grid.W, Points.W);
        ConfigCheck.Divides("vision.hidden/packer.heads", Hidden, Heads);
        return this;
    }
}
