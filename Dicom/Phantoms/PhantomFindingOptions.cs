namespace HSENet.Dicom.Phantoms;

/// <summary>How ill phantoms are.</summary>
public sealed record PhantomFindingOptions
{
    /// <summary>Probability of each kind, on its own, 0..1. Default 0.25: one case in thirteen is healthy.</summary>
    public double Prevalence { get; init; } = 0.25;

    /// <summary>
    /// Small findings (nodules, plaques, nodes, pneumothorax) are drawn larger than life, so that they fill voxels of some 6 mm. Default true; false is
    /// for fine grids.
    /// </summary>
    public bool Large { get; init; } = true;

    /// <summary>Draws atelectasis, ground glass and pericardial effusion too. Default false.</summary>
    public bool Extended { get; init; }

    /// <summary>True for a grid whose voxels no finding slips through: at most 10 x 5.7 x 5.7 mm, 5 x 2 x 2 mm for small findings as in life.</summary>
    public bool ShowOn(int slices, int rows, int columns)
    {
        var (slice, plane) = Large ? (10.0, 5.7) : (5.0, 2.0);
        return PhantomCanvas.HeightMm / slices <= slice && PhantomCanvas.DepthMm / rows <= plane && PhantomCanvas.WidthMm / columns <= plane;
    }

    internal IEnumerable<PhantomFindingKind> Kinds =>
        Enum.GetValues<PhantomFindingKind>().Where(kind => Extended || kind < PhantomFindingKind.Atelectasis);
}
