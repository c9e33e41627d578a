namespace HSENet.Trainer.Evaluation.Contextual;

/// <summary>BERTScore of a set of texts.</summary>
/// <param name="Name">Names the encoder and the layer: scores of different ones do not compare.</param>
/// <param name="Texts">Of each pair.</param>
/// <param name="Baseline">What unrelated texts score with that encoder; null where that is not published.</param>
/// <param name="RarityF1">F1 with tokens weighted by how rare they are in the references.</param>
internal sealed record BertScores(string Name, IReadOnlyList<GreedyMatch> Texts, GreedyMatch? Baseline, double RarityF1)
{
    public double Precision => Texts.Average(text => text.Precision);

    public double Recall => Texts.Average(text => text.Recall);

    public double F1 => Texts.Average(text => text.F1);

    /// <summary>F1 over the baseline; the mean of the rescaled scores.</summary>
    public double? RescaledF1 => Baseline is { } baseline ? Texts.Average(text => text.Rescaled(baseline).F1) : null;
}
