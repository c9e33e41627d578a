using HSENet.Model.Vision;

namespace HSENet.Trainer.Ablations;

/// <summary>What reports are written from: towers, packer, and the patches along each axis that become one visual token.</summary>
/// <param name="Towers"><c>global</c>, <c>local</c> or <c>both</c>.</param>
/// <param name="Packer">Kind.</param>
/// <param name="Window">Patches of a window: those of the paper's points at full size (hsenet.md 1.5).</param>
internal sealed record ReportVariant(string Towers, PackerKind Packer, (int D, int H, int W) Window)
{
    /// <summary>Of the published packers: (8, 4, 4) points on a grid of 8 x 16 x 16.</summary>
    public static (int D, int H, int W) PublishedWindow { get; } = (1, 4, 4);

    public static ReportVariant Ours { get; } = new("both", PackerKind.SpatialPacker, PublishedWindow);
}
