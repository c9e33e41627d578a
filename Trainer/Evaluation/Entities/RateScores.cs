namespace HSENet.Trainer.Evaluation.Entities;

/// <summary>RaTEScore of a set of reports.</summary>
/// <param name="Reports">Of each pair.</param>
internal sealed record RateScores(IReadOnlyList<EntityScore> Reports)
{
    public double Score => Reports.Average(report => report.Score);

    /// <exception cref="TrainerException"><c>ratescore.format</c>, <c>ratescore.ids</c>.</exception>
    public static RateScores Of(IReadOnlyList<string> paths, IReadOnlyList<string> ids)
    {
        var scorer = new RateScorer(AffinityMatrix.Long);
        return new([.. EntityFile.Read(paths, ids).Select(pair => scorer.Score(pair.Reference, pair.Candidate))]);
    }
}
