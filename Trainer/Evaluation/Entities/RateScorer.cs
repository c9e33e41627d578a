namespace HSENet.Trainer.Evaluation.Entities;

/// <summary>
/// The scoring step of RaTEScore 0.5 (Zhao et al. 2024): each entity finds the most similar one of the other report, similarities are weighted by the
/// kinds of both, and the score is the harmonic mean of both directions. Finding the entities and embedding them is left to the user's own tools.
/// </summary>
internal sealed class RateScorer(AffinityMatrix affinity) : IEntityScorer
{
    /// <summary>Where a report names nothing.</summary>
    private const double Undecided = 0.5;

    public EntityScore Score(IReadOnlyList<ReportEntity> reference, IReadOnlyList<ReportEntity> candidate)
    {
        if (reference.Count == 0 || candidate.Count == 0)
        {
            return new(Undecided, Undecided, Undecided);
        }

        var (there, back) = (Direction(reference, candidate), Direction(candidate, reference));
        var score = there + back == 0 ? 0 : 2 * there * back / (there + back);
        return new(there, back, score);
    }

    private double Direction(IReadOnlyList<ReportEntity> from, IReadOnlyList<ReportEntity> to)
    {
        double sum = 0, weights = 0;
        foreach (var entity in from)
        {
            var best = to.MaxBy(entity.Similarity)!;
            var weight = affinity[entity.Kind, best.Kind];
            sum += entity.Similarity(best) * weight * (Contradict(entity.Kind, best.Kind) ? affinity.Negation : 1);
            weights += weight;
        }

        return sum / weights;
    }

    private static bool Contradict(EntityKind a, EntityKind b) => (IsDenied(a) && IsAffirmed(b)) || (IsAffirmed(a) && IsDenied(b));

    private static bool IsDenied(EntityKind kind) => kind is EntityKind.NonAbnormality or EntityKind.NonDisease;

    private static bool IsAffirmed(EntityKind kind) => kind is EntityKind.Abnormality or EntityKind.Disease;
}
