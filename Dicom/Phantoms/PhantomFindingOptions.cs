namespace HSENet.Dicom.Phantoms;

/// <summary>How ill phantoms are.</summary>
public sealed record PhantomFindingOptions
{
    /// <summary>Probability of each kind, on its own, 0..1. Default 0.25: one case in thirteen is healthy.</summary>
    public double Prevalence { get; init; } = 0.25;

    /// <summary>
    /// Small findings (nodules, plaques, nodes, pneumothorax) are drawn larger than life, so that they fill voxels of some 6 mm. Default true; false is
    /// for grids of about 1.5 mm.
    /// </summary>
    public bool Large { get; init; } = true;

    /// <summary>Draws atelectasis, ground glass and pericardial effusion too. Default false.</summary>
    public bool Extended { get; init; }

    internal IEnumerable<PhantomFindingKind> Kinds =>
        Enum.GetValues<PhantomFindingKind>().Where(kind => Extended || kind < PhantomFindingKind.Atelectasis);
}
