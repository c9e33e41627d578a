namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>Hits of one class. A ratio of nothing is 0.</summary>
internal sealed record ClassScore(string Label, int TruePositives, int FalsePositives, int FalseNegatives)
{
    /// <summary>Items that have the label.</summary>
    public int Support => TruePositives + FalseNegatives;

    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    public double Recall => Ratio(TruePositives, Support);

    public double F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
