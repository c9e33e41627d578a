namespace HSENet.Trainer.Evaluation.Entities;

/// <summary>Scores two reports by what they name: entities and embeddings in, a score out.</summary>
internal interface IEntityScorer
{
    EntityScore Score(IReadOnlyList<ReportEntity> reference, IReadOnlyList<ReportEntity> candidate);
}
