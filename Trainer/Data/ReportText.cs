using HSENet.Model.Text;

namespace HSENet.Trainer.Data;

/// <summary>The text rules of HSENet's reports (hsenet.md 3.5); they are the model's, which embeds reports by them.</summary>
internal static class ReportText
{
    /// <summary>Draws of the reference when it evaluates.</summary>
    public const int EvaluationSeed = 42;

    /// <summary>A generator of its own for each report, so that what is drawn for one does not depend on the others.</summary>
    public static Random ForEvaluation() => new(EvaluationSeed);

    /// <inheritdoc cref="EncoderText.Clean"/>
    public static string Clean(string report) => EncoderText.Clean(report);

    /// <inheritdoc cref="EncoderText.Fit"/>
    public static string Fit(string report, int budget, Func<string, int> count, Random random) => EncoderText.Fit(report, budget, count, random);
}
