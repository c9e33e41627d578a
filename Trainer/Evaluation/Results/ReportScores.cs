using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Evaluation.Results;

/// <summary>Everything that is measured of a set of reports, generated or made up as a baseline.</summary>
/// <param name="Text">Against the reference texts.</param>
/// <param name="Truth">Against the labels of the manifest; null where it knows none.</param>
/// <param name="Sides">By finding.</param>
internal sealed record ReportScores(TextScores Text, LabelMetrics? Truth, IReadOnlyList<SideScore> Sides)
{
    /// <summary>What bars are drawn of: the manifest's labels, where it has any.</summary>
    public LabelMetrics Labels => Truth ?? Text.Labels;

    public static ReportScores Compute(IReadOnlyList<(ManifestItem Item, string Candidate, string Reference)> reports, WordNet? wordNet)
    {
        (ManifestItem Item, string Text)[] texts = [.. reports.Select(report => (report.Item, report.Candidate))];
        return new(TextScorer.Score([.. reports.Select(report => (report.Candidate, report.Reference))], wordNet), TruthLabels.Compute(texts), SideScore.Compute(texts));
    }
}
