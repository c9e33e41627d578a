using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Text;
using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Contextual;
using HSENet.Trainer.Evaluation.Entities;
using HSENet.Trainer.Evaluation.Results;
using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The task <c>report</c>.</summary>
internal static class ReportEvaluation
{
    public const string Shuffled = "shuffled_references";
    public const string MostFrequent = "most_frequent_report";
    public const string SwappedImage = "swapped_image";

    /// <exception cref="TrainerException"><c>evaluate.none</c>: no study could be used; <c>evaluate.swap</c>: there is only one.</exception>
    public static void Run(EvaluationContext context)
    {
        var (request, cases) = (context.Request, context.Cases);
        var studies = cases.All;
        if (request.SwapImages && studies.Count < 2)
        {
            throw new TrainerException("evaluate.swap", "Images can be swapped between two studies or more.");
        }

        using var wordNet = WordNet.Find(request.WordNet);
        using var bert = request.BertScore is { } encoder ? BertScorer.Open(encoder) : null;
        using var writer = new Writer(HSENetModel.Load(request.Model, request.Device), ModelConfiguration.Need(context.Directory.Configuration.Vision, "vision").ToConfig());
        writer.NeedReports();
        var run = new ReportRun(cases, writer, context.Output);
        var predictions = run.Run(context.File(EvaluationOutput.Predictions), studies, studies, "reports", context.Stop);
        if (predictions.Count == 0)
        {
            throw new TrainerException("evaluate.none", $"No study could be used; the last: {cases.Bad[^1].Name}: {cases.Bad[^1].Detail}");
        }

        IReadOnlyList<(int Study, ReportPrediction Prediction)> swapped = [];
        if (request.SwapImages)
        {
            var images = Pairing.Others(studies.Count, request.Seed).Select(i => studies[i]).ToArray();
            swapped = run.Run(context.File(EvaluationOutput.Swapped), studies, images, "reports with another image", context.Stop);
        }

        var reports = Texts(context, predictions);
        var baselines = new Dictionary<string, ReportScores>(StringComparer.Ordinal);
        if (reports.Count > 1)
        {
            var others = Pairing.Others(reports.Count, request.Seed);
            baselines[Shuffled] = ReportScores.Compute([.. reports.Select((report, i) => (report.Item, reports[others[i]].Reference, report.Reference))], wordNet);
        }

        var frequent = reports.CountBy(report => report.Reference).MaxBy(item => item.Value).Key;
        baselines[MostFrequent] = ReportScores.Compute([.. reports.Select(report => (report.Item, frequent, report.Reference))], wordNet);
        if (swapped.Count > 0)
        {
            baselines[SwappedImage] = ReportScores.Compute(Texts(context, swapped), wordNet);
        }

        var scores = ReportScores.Compute(reports, wordNet);
        (string Candidate, string Reference)[] pairs = [.. reports.Select(report => (report.Candidate, report.Reference))];
        var rate = request.RateScore.Count > 0 ? RateScores.Of(request.RateScore, [.. reports.Select(report => report.Item.Id)]) : null;
        scores = scores with { Text = scores.Text with { Bert = bert?.Score(pairs), Rate = rate } };

        var meteor = new Meteor(wordNet);
        SampleScores[] samples = [.. reports.Select((report, i) => SampleScores.Of(
            report.Item.Id, report.Candidate, report.Reference, meteor, scores.Text.Bert?.Texts[i].F1, rate?.Reports[i].Score))];
        EvaluationOutput.WriteLines(context.File(EvaluationOutput.Samples), samples);

        var time = TimeScore.Of([.. predictions.Select(item => (item.Prediction.Seconds, item.Prediction.Tokens))]);
        var reasons = new JsonObject();
        foreach (var (reason, count) in predictions.CountBy(item => item.Prediction.FinishReason).OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            reasons[reason] = count;
        }

        context.Add(MetricsJson.Of(scores));
        var beside = new JsonObject();
        foreach (var (name, baseline) in baselines)
        {
            beside[name] = MetricsJson.Of(baseline);
        }

        context.Metrics["baselines"] = beside;
        context.Metrics["finish_reasons"] = reasons;
        context.Metrics["seconds"] = MetricsJson.Of(time, request.PublishedSeconds);
        new ReportPages(context.Page).Write(scores, baselines, time, request.PublishedSeconds, reports, samples);
        Scored(context, writer, predictions.Select(item => item.Study).ToArray());
    }

    private static IReadOnlyList<(ManifestItem Item, string Candidate, string Reference)> Texts(
        EvaluationContext context, IReadOnlyList<(int Study, ReportPrediction Prediction)> predictions) =>
        [.. predictions.Select(item => (Item: context.Cases.Data.Item(item.Study), item.Prediction))
            .Select(item => (item.Item, ReportSections.Split(item.Prediction.Text).Findings, ReportRun.Reference(item.Item)))];

    private static void Scored(EvaluationContext context, Writer writer, int[] studies)
    {
        if (context.Directory.Configuration.Vision is not { HasLocal: true, PatchGuide: not HSENet.Model.Vision.PatchGuide.None })
        {
            return;
        }

        ScoredStudies.Show(context, studies, writer.Scores);
    }
}
