using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Evaluation.Results;

/// <summary>
/// Labels read off generated reports against what the manifest knows of the studies; a label that is not known of a study is not counted there, and
/// one that is known of none is left out.
/// </summary>
internal static class TruthLabels
{
    /// <returns>Null: the manifest knows no label.</returns>
    public static LabelMetrics? Compute(IReadOnlyList<(ManifestItem Item, string Text)> reports)
    {
        var labels = ChestLabels.All.Where(label => reports.Any(report => report.Item.Labels.ContainsKey(label))).ToArray();
        if (labels.Length == 0)
        {
            return null;
        }

        var found = reports.Select(report => ReportLabeler.Labels(report.Text)).ToArray();
        var (classes, whole, wrong, cells) = (new List<ClassScore>(), reports.Count, 0, 0);
        var right = Enumerable.Repeat(true, reports.Count).ToArray();
        foreach (var label in labels)
        {
            var (tp, fp, fn) = (0, 0, 0);
            for (var i = 0; i < reports.Count; i++)
            {
                if (!reports[i].Item.Labels.TryGetValue(label, out var truth))
                {
                    continue;
                }

                var predicted = found[i].Contains(label);
                cells++;
                tp += truth && predicted ? 1 : 0;
                fp += !truth && predicted ? 1 : 0;
                fn += truth && !predicted ? 1 : 0;
                right[i] &= truth == predicted;
            }

            wrong += fp + fn;
            classes.Add(new(label, tp, fp, fn));
        }

        var micro = new ClassScore("micro", classes.Sum(c => c.TruePositives), classes.Sum(c => c.FalsePositives), classes.Sum(c => c.FalseNegatives));
        return new(classes, micro, (double)right.Count(r => r) / whole, (double)wrong / cells);
    }
}
