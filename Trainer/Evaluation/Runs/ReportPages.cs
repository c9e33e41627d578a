using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Evaluation.Pages;
using HSENet.Trainer.Evaluation.Results;
using static HSENet.Trainer.Evaluation.Pages.Markup;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The results of the task <c>report</c> on a page.</summary>
internal sealed class ReportPages(EvaluationPage page)
{
    private const int ExamplesOfAKind = 2;

    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        [ReportEvaluation.Shuffled] = "Shuffled references", [ReportEvaluation.MostFrequent] = "Most frequent report", [ReportEvaluation.SwappedImage] = "Another case's image",
    };

    public void Write(
        ReportScores scores, IReadOnlyDictionary<string, ReportScores> baselines, TimeScore time, double? published,
        IReadOnlyList<(ManifestItem Item, string Candidate, string Reference)> reports, IReadOnlyList<SampleScores> samples)
    {
        var side = SideScore.All(scores.Sides);
        page.Tiles(
            (Number(scores.Labels.Micro.F1), "label micro-F1"), (Number(scores.Labels.SupportedMacroF1), "label macro-F1"),
            (Number(scores.Text.Bleu[^1]), "corpus BLEU-4"), (Number(scores.Text.RougeL), "ROUGE-L"),
            (Percent(side.Accuracy), $"side right ({side.TruePositives} findings)"), (Number(time.Mean.Inference, 2) + " s", "a report"));
        Texts(scores, baselines);
        Findings(scores, baselines);
        Sides(scores.Sides, side);
        Times(page, time, published, "report");
        Examples(reports, samples);
    }

    /// <summary>Seconds an item beside those of a publication.</summary>
    public static void Times(EvaluationPage page, TimeScore time, double? published, string item)
    {
        page.Heading("Time");
        page.Table(
            $"Seconds a {item}, on this machine (means unless said)",
            ["Part", "Seconds"],
            [
                ["Read and preprocess (or from the cache), slice features", Number(time.Mean.Load)], ["Towers and packers", Number(time.Mean.Encode)],
                ["Prompt", Number(time.Mean.Prefill)], [$"Writing ({Number(time.MeanTokens, 1)} tokens)", Number(time.Mean.Decode)],
                ["From preprocessed input to text", Number(time.Mean.Inference)], ["The same, median", Number(time.MedianInference)], ["The same, longest", Number(time.LongestInference)],
                ["Published (the paper's Table 7), on other hardware", published is null ? "not given (--published-seconds)" : Number(published)],
            ]);
    }

    private void Texts(ReportScores scores, IReadOnlyDictionary<string, ReportScores> baselines)
    {
        page.Heading("Text against the references");
        var columns = baselines.Select(item => (s_names[item.Key], item.Value)).Prepend(("This model", scores)).ToArray();
        var rows = new List<IReadOnlyList<string>>();
        void Row(string name, Func<ReportScores, double?> value) => rows.Add([name, .. columns.Select(column => Number(value(column.Item2)))]);
        for (var n = 0; n < scores.Text.Bleu.Count; n++)
        {
            var order = n;
            Row($"BLEU-{n + 1} (corpus)", s => s.Text.Bleu[order]);
        }

        for (var n = 0; n < scores.Text.HSENetBleu.Count; n++)
        {
            var order = n;
            Row($"HSENet's BLEU-{n + 1}", s => s.Text.HSENetBleu[order]);
        }

        Row("ROUGE-1", s => s.Text.Rouge1);
        Row("ROUGE-L", s => s.Text.RougeL);
        Row(scores.Text.MeteorName, s => s.Text.Meteor);
        if (scores.Text.Bert is { } bert)
        {
            Row(bert.Name, s => s.Text.Bert?.F1);
        }

        if (scores.Text.Rate is not null)
        {
            Row("RaTEScore", s => s.Text.Rate?.Score);
        }

        Row("Label micro-F1", s => s.Labels.Micro.F1);
        Row("Label macro-F1 (labels with cases)", s => s.Labels.SupportedMacroF1);
        Row("Side right", s => SideScore.All(s.Sides).Accuracy);
        page.Table($"{scores.Text.Count} reports, beside what needs no look at the image", ["Score", .. columns.Select(column => column.Item1)], rows);
        page.Note("HSENet's BLEU-n is the mean over the reports of the single n-gram precision, without brevity penalty: the numbers of the paper's tables. Template text scores high on all of these; the labels tell whether the report is right.");
    }

    private void Findings(ReportScores scores, IReadOnlyDictionary<string, ReportScores> baselines)
    {
        page.Heading("Findings");
        page.Note(scores.Truth is null ? "Labels read off the reference texts by the same rules." : "Labels read off the reports by rules, against the labels of the manifest.");
        var (mark, name) = baselines.TryGetValue(ReportEvaluation.SwappedImage, out var swapped) ? (swapped, "the same model with another case's image")
            : baselines.TryGetValue(ReportEvaluation.Shuffled, out var shuffled) ? (shuffled, "shuffled references") : (null, null);
        var classes = scores.Labels.Classes.Where(score => score.Support > 0 || score.FalsePositives > 0).OrderByDescending(score => score.F1).ToArray();
        if (classes.Length == 0)
        {
            page.Note("No label occurs.");
            return;
        }

        page.Bars(
            "F1 of each finding", [.. classes.Select(score => new Bar(score.Label, score.F1, mark?.Labels.Classes.FirstOrDefault(other => other.Label == score.Label)?.F1, $"of {score.Support}"))], name);
        page.Table(
            "Findings in numbers", ["Finding", "Cases", "Precision", "Recall", "F1", "Missed", "Made up"],
            [.. classes.Select(Row), Row(scores.Labels.Micro with { Label = "All (micro)" })]);
    }

    private static IReadOnlyList<string> Row(ClassScore score) =>
        [score.Label, Count(score.Support), Number(score.Precision), Number(score.Recall), Number(score.F1), Count(score.FalseNegatives), Count(score.FalsePositives)];

    private void Sides(IReadOnlyList<SideScore> sides, SideScore all)
    {
        if (all.TruePositives > 0)
        {
            page.Table(
                "Side, of findings that are there on a known side and were named", ["Finding", "Named", "Side right", "Share"],
                sides.Append(all with { Label = "All" }).Select(score => (IReadOnlyList<string>)[score.Label!, Count(score.TruePositives), Count(score.Right), Percent(score.Accuracy)]));
        }
    }

    private void Examples(IReadOnlyList<(ManifestItem Item, string Candidate, string Reference)> reports, IReadOnlyList<SampleScores> samples)
    {
        page.Heading("Examples");
        page.Note("The best, the middle and the worst by ROUGE-L. Struck through: words that only the reference has; underlined: words that only the generated report has.");
        var order = Enumerable.Range(0, reports.Count).OrderByDescending(i => samples[i].RougeL).ToArray();
        var middle = Math.Max(0, (order.Length - ExamplesOfAKind) / 2);
        foreach (var i in order.Take(ExamplesOfAKind).Concat(order.Skip(middle).Take(ExamplesOfAKind)).Concat(order.TakeLast(ExamplesOfAKind)).Distinct())
        {
            var (item, candidate, reference) = reports[i];
            page.Example(item.Id, $"ROUGE-L {Number(samples[i].RougeL)}, METEOR {Number(samples[i].Meteor)}, HSENet's BLEU-1 {Number(samples[i].HsenetBleu1)}", reference, candidate);
        }
    }
}
