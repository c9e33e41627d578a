using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Trainer.Evaluation.Pages;
using HSENet.Trainer.Evaluation.Results;
using HSENet.Trainer.Evaluation.Text;
using HSENet.Trainer.Evaluation.Vqa;
using static HSENet.Trainer.Evaluation.Pages.Markup;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The task <c>vqa</c>.</summary>
internal static class VqaEvaluation
{
    private const string Location = "location";
    private const int Examples = 24;

    /// <exception cref="TrainerException"><c>evaluate.none</c>: no study could be used.</exception>
    public static void Run(EvaluationContext context)
    {
        var (request, cases) = (context.Request, context.Cases);
        var questions = AnswerRun.Questions(cases.Data, request.Limit);
        using var wordNet = WordNet.Find(request.WordNet);
        using var writer = new Writer(HSENetModel.Load(request.Model, request.Device), ModelConfiguration.Need(context.Directory.Configuration.Vision, "vision").ToConfig());
        var answers = new AnswerRun(cases, writer, Evaluator.Templates(context.Directory), request.Seed, context.Output).Run(context.File(EvaluationOutput.Predictions), questions, context.Stop);
        if (answers.Count == 0)
        {
            throw new TrainerException("evaluate.none", $"No study could be used; the last: {cases.Bad[^1].Name}: {cases.Bad[^1].Detail}");
        }

        (string Text, string Answer)[] located = [.. answers.Where(answer => answer.Kind == Location).Select(answer => (answer.Text, answer.Answer))];
        var location = located.Length > 0 ? VqaMetrics.Compute(located) : null;
        var presence = PresenceScore.Compute(answers.Select(answer => (answer.Text, answer.Answer)));
        var kinds = AnswerScore.ByKind(answers.Select(answer => (answer.Kind, answer.Text, answer.Answer)));
        var time = TimeScore.Of([.. answers.Select(answer => (answer.Seconds, answer.Tokens))]);
        var texts = TextScorer.Score([.. answers.Select(answer => (answer.Text, answer.Answer))], wordNet);
        context.Metrics["count"] = answers.Count;
        context.Metrics["location"] = location is null ? null : MetricsJson.Of(location);
        context.Metrics["presence"] = presence is null ? null : MetricsJson.Of(presence);
        context.Metrics["kinds"] = MetricsJson.Of(kinds);
        context.Metrics["text"] = MetricsJson.TextOnly(texts);
        context.Metrics["location_text"] = located.Length > 0 ? MetricsJson.TextOnly(TextScorer.Score([.. located.Select(item => (item.Text, item.Answer))], wordNet)) : null;
        context.Metrics["seconds"] = MetricsJson.Of(time, request.PublishedSeconds);
        Write(context.Page, answers, location, presence, kinds, time, request.PublishedSeconds);
    }

    private static void Write(
        EvaluationPage page, IReadOnlyList<AnswerPrediction> answers, VqaMetrics? location, PresenceScore? presence, IReadOnlyDictionary<string, AnswerScore> kinds, TimeScore time, double? published)
    {
        page.Tiles(
            (Count(answers.Count), "questions"), (Percent(presence?.Accuracy), "yes or no right"), (Percent(location?.All.StrictMajor), "major location (strict)"),
            (Percent(location?.All.Minor), "whole location"), (Number(time.Mean.Inference, 2) + " s", "a question"));
        page.Heading("By kind of question");
        page.Bars("Answers equal to the wanted one", [.. kinds.Select(item => new Bar(item.Key, item.Value.Accuracy, item.Value.Majority, $"of {item.Value.Count}"))], "always the most frequent answer");
        page.Table(
            "Kinds in numbers", ["Kind", "Questions", "Right", "Most frequent answer", "Mean error, mm"],
            kinds.Select(item => (IReadOnlyList<string>)[item.Key, Count(item.Value.Count), Percent(item.Value.Accuracy), Percent(item.Value.Majority), Number(item.Value.MeanErrorMm, 1)]));
        if (presence is not null)
        {
            page.Table(
                "Questions that want yes or no", ["Answer", "Questions", "Right"],
                [["yes", Count(presence.Yes), Count(presence.RightYes)], ["no", Count(presence.No), Count(presence.RightNo)], ["neither was given", Count(presence.Unclear), Nothing]]);
        }

        if (location is not null)
        {
            page.Heading("Locations");
            page.Note("Major: the first part of the path. The reference counts it as right when it occurs anywhere in the wanted answer, and an empty answer always; strict wants equal first parts. Minor: the whole path.");
            IReadOnlyList<string> Row(string name, LocationScore score) => [name, Count(score.Count), Percent(score.Major), Percent(score.StrictMajor), Percent(score.Minor)];
            page.Bars("Major location (strict)", [.. location.ByLocation.Select(item => new Bar(item.Key, item.Value.StrictMajor, null, $"of {item.Value.Count}"))], null);
            page.Table(
                "By location", ["Location", "Questions", "Major (reference)", "Major (strict)", "Minor"],
                [
                    .. location.ByLocation.Select(item => Row(item.Key, item.Value)), Row("All answers (micro)", location.All),
                    ["Mean of the locations (macro)", Nothing, Percent(location.MacroMajor), Percent(location.MacroStrictMajor), Percent(location.MacroMinor)],
                ]);
            page.Table(
                "Location of the answer as a class", ["Location", "Questions", "Precision", "Recall", "F1"],
                location.Classification.Where(score => score.Support + score.FalsePositives > 0).Select(score => (IReadOnlyList<string>)[score.Label, Count(score.Support), Number(score.Precision), Number(score.Recall), Number(score.F1)]));
        }

        ReportPages.Times(page, time, published, "question");
        page.Heading("Examples");
        page.Table(
            $"The first {Math.Min(Examples, answers.Count)} questions", ["Study", "Question", "Wanted", "Given", ""],
            answers.Take(Examples).Select(answer => (IReadOnlyList<string>)
                [answer.Id, answer.Question, answer.Answer, answer.Text.Trim(), VqaMetrics.IsMinor(answer.Text, answer.Answer) ? "right" : "wrong"]));
    }
}
