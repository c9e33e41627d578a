using System.Globalization;
using System.Text.Json.Nodes;
using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Evaluation.Pages;
using HSENet.Trainer.Evaluation.Results;
using HSENet.Trainer.Evaluation.Retrieval;
using static HSENet.Trainer.Evaluation.Pages.Markup;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The task <c>retrieval</c>.</summary>
internal static class RetrievalEvaluation
{
    private const int Examples = 10;

    /// <exception cref="TrainerException"><c>evaluate.none</c>: no study could be used.</exception>
    public static void Run(EvaluationContext context)
    {
        var (request, cases) = (context.Request, context.Cases);
        var studies = cases.All;
        using var models = ContrastiveModels.Load(context.Directory, request.Device);
        var found = new RetrievalRun(cases, models, request.Seed, context.Output).Run(context.File(EvaluationOutput.Embeddings), studies, context.Stop);
        if (found.Count == 0)
        {
            throw new TrainerException("evaluate.none", $"No study could be used; the last: {cases.Bad[^1].Name}: {cases.Bad[^1].Detail}");
        }

        var items = found.Select(item => cases.Data.Item(item.Study)).ToArray();
        var known = items.Any(item => ChestLabels.CtRate.Any(item.Labels.ContainsKey));
        IReadOnlyList<bool[]> labels = [.. items.Select(item => known
            ? [.. ChestLabels.CtRate.Select(label => item.Labels.GetValueOrDefault(label))] : ReportLabeler.Vector(ReportRun.Reference(item), ChestLabels.CtRate))];
        CaseEmbedding[] embeddings = [.. found.Select(item => item.Embedding)];
        StageRetrieval[] stages = [.. models.Stages.Select(stage => StageRetrieval.Compute(stage, embeddings, labels))];
        EvaluationOutput.WriteLines(context.File(EvaluationOutput.Predictions), stages.SelectMany(stage => Lines(stage, items)));
        Metrics(context, stages, embeddings, known, models.SeesReport);
        Write(context.Page, stages, items, known, models.SeesReport, embeddings);
        ScoredStudies.Show(context, [.. found.Select(item => item.Study)], models.Scores);
    }

    private static IEnumerable<RetrievedTop> Lines(StageRetrieval stage, ManifestItem[] items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            yield return new(stage.Stage, "report-to-volume", items[i].Id, Top(stage.TopVolumes[i], items));
            yield return new(stage.Stage, "volume-to-report", items[i].Id, Top(stage.TopReports[i], items));
        }
    }

    private static IReadOnlyList<RetrievedItem> Top(IReadOnlyList<(int Index, double Cosine)> nearest, ManifestItem[] items) =>
        [.. nearest.Select(item => new RetrievedItem(items[item.Index].Id, item.Cosine))];

    private static void Metrics(EvaluationContext context, StageRetrieval[] stages, CaseEmbedding[] embeddings, bool known, bool seesReport)
    {
        var (metrics, count) = (context.Metrics, embeddings.Length);
        metrics["count"] = count;
        foreach (var stage in stages)
        {
            metrics[$"stage{stage.Stage}"] = MetricsJson.Of(stage);
        }

        metrics["chance"] = MetricsJson.ByCutoff(StageRetrieval.Cutoffs.ToDictionary(k => k, k => Math.Min(1.0, (double)k / count)), "r@");
        metrics["ties"] = "lower index first";
        metrics["volume_labels"] = known ? "manifest" : "read off the reports";
        metrics["guided_by_report"] = seesReport;
        metrics["seconds"] = new JsonObject { ["load"] = embeddings.Average(item => item.LoadSeconds), ["encode"] = embeddings.Average(item => item.EncodeSeconds) };
    }

    private static void Write(EvaluationPage page, StageRetrieval[] stages, ManifestItem[] items, bool known, bool seesReport, CaseEmbedding[] embeddings)
    {
        var last = stages[^1];
        page.Tiles(
            (Count(items.Length), "pairs"), (Percent(last.ReportToVolume.At[10]), "R@10 report to volume"), (Percent(last.VolumeToReport.At[10]), "R@10 volume to report"),
            (Number(last.ReportToVolume.MedianRank, 1), "median rank, report to volume"), (Number(embeddings.Average(item => item.EncodeSeconds), 2) + " s", "a pair"));
        page.Heading("Recall");
        page.Note("The share of queries whose own partner is among the K nearest by cosine. Copies of a report under another name count as misses, as in the reference; equal similarities rank by lower index.");
        var directions = stages.SelectMany(stage => new (string Name, Recall Recall)[]
        {
            ($"Stage {stage.Stage}, report to volume", stage.ReportToVolume), ($"Stage {stage.Stage}, volume to report", stage.VolumeToReport),
        }).ToArray();
        foreach (var (name, recall) in directions)
        {
            page.Bars(name, [.. recall.At.OrderBy(item => item.Key).Select(item => new Bar($"R@{item.Key.ToString(CultureInfo.InvariantCulture)}", item.Value, Math.Min(1.0, (double)item.Key / items.Length), ""))], "chance");
        }

        page.Table(
            "Recall in numbers", ["Direction", .. StageRetrieval.Cutoffs.Select(k => $"R@{k}"), "Median rank"],
            [
                .. directions.Select(item => (IReadOnlyList<string>)[item.Name, .. StageRetrieval.Cutoffs.Select(k => Percent(item.Recall.At[k])), Number(item.Recall.MedianRank, 1)]),
                ["Chance", .. StageRetrieval.Cutoffs.Select(k => Percent(Math.Min(1.0, (double)k / items.Length))), Number((items.Length + 1) / 2.0, 1)],
            ]);
        page.Heading("Volume to volume");
        page.Note($"How alike the labels ({(known ? "of the manifest" : "read off the reports")}) of the nearest volumes are. The reference prints the mean over K and all smaller K, with the query itself among the found: its numbers compare with the paper only. The last two leave the query out.");
        foreach (var stage in stages.Where(stage => stage.Volumes is not null))
        {
            var volumes = stage.Volumes!;
            IReadOnlyList<string> Row(string name, IReadOnlyDictionary<int, double> values) => [name, .. VolumeToVolume.PaperCutoffs.Select(k => Number(values[k]))];
            page.Table($"Stage {stage.Stage}", ["Measure", .. VolumeToVolume.PaperCutoffs.Select(k => $"@{k}")],
            [
                Row("As the reference prints it", volumes.Reference), Row("Jaccard of labels, each K alone", volumes.WithSelf),
                Row("Jaccard of labels, without the query", volumes.WithoutSelf), Row("Mean average precision, without the query", volumes.MeanAveragePrecision),
            ]);
        }

        if (seesReport)
        {
            page.Note("The second tower of this model is guided by the very report that is searched for: its recall proves nothing of the volume alone.");
        }

        page.Heading("The nearest");
        foreach (var (name, top) in new[] { ("volumes of a report", last.TopVolumes), ("reports of a volume", last.TopReports) })
        {
            page.Table(
                $"Stage {last.Stage}: the three nearest {name}, with their cosines (first {Math.Min(Examples, items.Length)} queries)", ["Query", "First", "Second", "Third", "Own"],
                Enumerable.Range(0, Math.Min(Examples, items.Length)).Select(i => (IReadOnlyList<string>)
                    [items[i].Id, .. Enumerable.Range(0, 3).Select(n => n < top[i].Count ? $"{items[top[i][n].Index].Id} ({Number(top[i][n].Cosine)})" : Nothing), top[i].Any(item => item.Index == i) ? "among them" : "not among them"]));
        }
    }
}
