using System.Globalization;
using HSENet.Dicom.Phantoms;
using HSENet.Model;
using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Phantoms;
using TorchSharp;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>Reads held-out phantoms with a model directory as a user would, and counts what is right.</summary>
internal static class DemoCheck
{
    private static readonly string[] s_labels = [.. DemoTraits.Kinds.Select(FindingWords.Label)];

    /// <summary>Findings that have a side.</summary>
    private static readonly string[] s_sided = [ChestLabels.LungNodule, ChestLabels.Consolidation, ChestLabels.PleuralEffusion, ChestLabels.Pneumothorax];

    /// <param name="directory">The model directory.</param>
    /// <param name="options">The phantoms.</param>
    /// <param name="questions">Most presence questions, as many yes as no.</param>
    public static SortedDictionary<string, double> Texts(string directory, PhantomCorpusOptions options, int questions)
    {
        using var model = HSENetModel.Load(directory, "cpu");
        var count = options.Count;
        var (items, reports, complete) = (new List<ManifestItem>(), new List<string>(), 0);
        var (asked, right) = (new Dictionary<string, int>(StringComparer.Ordinal) { ["yes"] = 0, ["no"] = 0 }, 0);
        for (var i = 0; i < count; i++)
        {
            var (drawn, item) = PhantomCorpus.Make(options, i);
            var input = Input(drawn);
            torch.set_num_threads(1);       // layers this small: a second thread would only spin
            var report = model.Generate(input, null, CancellationToken.None);
            items.Add(item);
            reports.Add(report.Findings);
            complete += report.FinishReason == FinishReason.Stop ? 1 : 0;
            foreach (var question in item.Questions.Where(question => question.Kind == "presence" && asked[question.Answer] < questions / 2))
            {
                asked[question.Answer]++;
                torch.set_num_threads(1);
                right += model.Ask(input, question.Question!, null, CancellationToken.None).Text == question.Answer ? 1 : 0;
            }
        }

        var result = Score(items, reports);
        result["reports.complete"] = (double)complete / count;
        result["vqa.presence questions"] = asked.Values.Sum();
        result["vqa.presence right"] = (double)right / Math.Max(1, asked.Values.Sum());
        return result;
    }

    /// <summary>What reports tell of what was drawn: labels, and sides of what has one.</summary>
    public static SortedDictionary<string, double> Score(IReadOnlyList<ManifestItem> items, IReadOnlyList<string> reports)
    {
        var truth = items.Select(item => s_labels.Select(label => item.Labels[label]).ToArray()).ToArray();
        var told = reports.Select(report => ReportLabeler.Vector(report, s_labels)).ToArray();
        bool[][] swapped = [.. told.Skip(1), told[0]];
        var (own, other) = (LabelMetrics.Compute(s_labels, truth, told), LabelMetrics.Compute(s_labels, truth, swapped));
        var (hits, sides) = Sides(items, reports);
        var result = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["labels.micro-F1"] = own.Micro.F1,
            ["labels.macro-F1"] = own.MacroF1,
            ["labels.micro-F1 swapped image"] = other.Micro.F1,
            ["sides.true positives"] = hits,
            ["sides.right"] = hits == 0 ? 0 : (double)sides / hits,
        };
        foreach (var score in own.Classes)
        {
            result[$"labels.F1 {score.Label}"] = score.F1;
        }

        return result;
    }

    public static CtInput Input(PhantomCase drawn) => new()
    {
        Hu = drawn.Volume.Hu,
        Shape = (drawn.Volume.SliceCount, drawn.Volume.Rows, drawn.Volume.Columns),
        SpacingMm = (drawn.Volume.SliceSpacingMm, drawn.Volume.RowSpacingMm, drawn.Volume.ColumnSpacingMm),
        Axes = (drawn.Volume.Axes.Slice, drawn.Volume.Axes.Row, drawn.Volume.Axes.Column),
    };

    public static string Text(IReadOnlyDictionary<string, double> values) =>
        string.Join('\n', values.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key}: {item.Value:F3}")));

    private static (int Hits, int Right) Sides(IReadOnlyList<ManifestItem> items, IReadOnlyList<string> reports)
    {
        var (hits, right) = (0, 0);
        for (var i = 0; i < items.Count; i++)
        {
            var mentions = ReportLabeler.Mentions(reports[i]);
            foreach (var label in s_sided.Where(label => items[i].Labels[label] && mentions.Any(mention => mention.Label == label && mention.Certainty != Certainty.Absent)))
            {
                var wanted = items[i].Details.Where(detail => detail.Label == label)
                    .Aggregate(Side.None, (side, detail) => side | detail.Side switch { "right" => Side.Right, "left" => Side.Left, _ => Side.Both });
                hits++;
                right += ReportLabeler.Sides(mentions, label) == wanted ? 1 : 0;
            }
        }

        return (hits, right);
    }
}
