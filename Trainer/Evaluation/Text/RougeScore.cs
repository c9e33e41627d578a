namespace HSENet.Trainer.Evaluation.Text;

/// <summary>Precision, recall and their harmonic mean, each 0..1.</summary>
internal readonly record struct RougeScore(double Precision, double Recall)
{
    public double F => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;
}
