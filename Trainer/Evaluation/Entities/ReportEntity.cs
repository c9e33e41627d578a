namespace HSENet.Trainer.Evaluation.Entities;

/// <summary>One entity that a report names.</summary>
/// <param name="Kind">What it is, and whether the report denies it.</param>
/// <param name="Embedding">Of its words; any length of vector.</param>
internal sealed record ReportEntity(EntityKind Kind, IReadOnlyList<double> Embedding)
{
    /// <summary>Cosine, 0 for a vector of zeros.</summary>
    public double Similarity(ReportEntity other)
    {
        var dot = Embedding.Zip(other.Embedding, (a, b) => a * b).Sum();
        var lengths = Math.Sqrt(Embedding.Sum(a => a * a)) * Math.Sqrt(other.Embedding.Sum(b => b * b));
        return lengths > 0 ? dot / lengths : 0;
    }
}
