using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Evaluation.Results;

/// <summary>Of the findings that a study has on a known side and its report names: how often the report names that side and no other.</summary>
/// <param name="Label">The finding; null: all of them.</param>
/// <param name="TruePositives">Findings that were named.</param>
/// <param name="Right">Of these, with the right side.</param>
internal sealed record SideScore(string? Label, int TruePositives, int Right)
{
    /// <summary>Null without a true positive.</summary>
    public double? Accuracy => TruePositives == 0 ? null : (double)Right / TruePositives;

    /// <returns>By finding, in the order of the labels.</returns>
    public static IReadOnlyList<SideScore> Compute(IReadOnlyList<(ManifestItem Item, string Text)> reports)
    {
        var scores = new List<SideScore>();
        var mentions = reports.Select(report => ReportLabeler.Mentions(report.Text)).ToArray();
        foreach (var label in ChestLabels.All)
        {
            var (named, right) = (0, 0);
            for (var i = 0; i < reports.Count; i++)
            {
                var truth = reports[i].Item.Details.Where(detail => detail.Label == label).Aggregate(Side.None, (side, detail) => side | Of(detail.Side));
                if (truth != Side.None && mentions[i].Any(mention => mention.Label == label && mention.Certainty != Certainty.Absent))
                {
                    named++;
                    right += ReportLabeler.Sides(mentions[i], label) == truth ? 1 : 0;
                }
            }

            if (named > 0)
            {
                scores.Add(new(label, named, right));
            }
        }

        return scores;
    }

    public static SideScore All(IReadOnlyList<SideScore> scores) => new(null, scores.Sum(score => score.TruePositives), scores.Sum(score => score.Right));

    private static Side Of(string? side) => side switch { "right" => Side.Right, "left" => Side.Left, "both" => Side.Both, _ => Side.None };
}
