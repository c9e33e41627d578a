using System.Text.Json;
using HSENet.Trainer.Evaluation.Runs;
using HSENet.Trainer.Phantoms;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>The numbers of the card: what <c>evaluate</c> says of held-out phantoms, so that whoever runs it finds the same.</summary>
internal static class DemoEvaluation
{
    private const string MetricsFile = "metrics.json";

    /// <param name="directory">The model directory.</param>
    /// <param name="count">Phantoms.</param>
    /// <param name="seed">Of the phantoms; not one that the model was trained with.</param>
    /// <param name="output">Progress.</param>
    public static SortedDictionary<string, double> Measure(string directory, int count, int seed, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("hsenet-held-out-").FullName;
        try
        {
            var corpus = Path.Combine(folder, "corpus");
            PhantomCorpus.Write(corpus, new PhantomCorpusOptions { Count = count, Seed = seed });
            foreach (var task in Enum.GetValues<EvaluationTask>())
            {
                var request = new EvaluationRequest
                {
                    Task = task,
                    Data = Path.Combine(corpus, Data.ManifestWriter.FileName),
                    Model = directory,
                    Out = Path.Combine(folder, $"{task}"),
                    SwapImages = task == EvaluationTask.Report,
                };
                Evaluator.Run(request, output, CancellationToken.None);
            }

            return Numbers(task => Path.Combine(folder, $"{task}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <param name="folderOf">Where <c>evaluate</c> left its results for a task; those of reports with <c>--swap-images</c>.</param>
    public static SortedDictionary<string, double> Numbers(Func<EvaluationTask, string> folderOf)
    {
        using var retrieval = Read(EvaluationTask.Retrieval);
        using var report = Read(EvaluationTask.Report);
        using var answers = Read(EvaluationTask.Vqa);
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["labels.micro-F1"] = Of(report, "truth", "micro_f1"),
            ["labels.macro-F1"] = Of(report, "truth", "macro_f1_supported"),
            ["labels.micro-F1 of texts"] = Of(report, "label_micro_f1"),
            ["labels.micro-F1 of texts, swapped image"] = Of(report, "baselines", "swapped_image", "label_micro_f1"),
            ["sides.true positives"] = Of(report, "truth_sides", "true_positives"),
            ["sides.right"] = Of(report, "truth_sides", "accuracy"),
            ["reports.complete"] = Of(report, "finish_reasons", "Stop") / Of(report, "count"),
            ["vqa.presence questions"] = Of(answers, "presence", "count"),
            ["vqa.presence right"] = Of(answers, "presence", "balanced_accuracy"),
        };
        foreach (var (way, words) in new[] { ("report_to_volume", "report to volume"), ("volume_to_report", "volume to report") })
        {
            foreach (var k in new[] { 1, 5, 10 })
            {
                numbers[$"retrieval.R@{k} {words}"] = Of(retrieval, "stage2", way, $"r@{k}");
            }
        }

        foreach (var label in report.RootElement.GetProperty("truth").GetProperty("labels").EnumerateArray())
        {
            numbers[$"labels.F1 {label.GetProperty("label").GetString()}"] = label.GetProperty("f1").GetDouble();
        }

        return numbers;

        JsonDocument Read(EvaluationTask task) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folderOf(task), MetricsFile)));
    }

    private static double Of(JsonDocument metrics, params ReadOnlySpan<string> path)
    {
        var element = metrics.RootElement;
        foreach (var name in path)
        {
            element = element.GetProperty(name);
        }

        return element.GetDouble();
    }
}
