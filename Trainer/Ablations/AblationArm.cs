namespace HSENet.Trainer.Ablations;

/// <summary>One thing to train and measure, whichever tables it is in.</summary>
/// <param name="Id">Name of its folder.</param>
/// <param name="Contrastive">Stage 2, measured by retrieval; null: it writes reports.</param>
/// <param name="Report">Packers and low-rank matrices over the published towers, measured by reports; null: stage 2.</param>
internal sealed record AblationArm(string Id, ContrastiveVariant? Contrastive, ReportVariant? Report)
{
    public AblationArm(string id, ContrastiveVariant contrastive)
        : this(id, contrastive, null)
    {
    }

    public AblationArm(string id, ReportVariant report)
        : this(id, null, report)
    {
    }
}
