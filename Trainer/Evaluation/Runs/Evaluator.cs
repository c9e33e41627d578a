using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Text;
using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Pages;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Runs a model over a manifest, scores what it gives, and writes metrics, predictions and a page.</summary>
internal static class Evaluator
{
    private const int Format = 1;

    /// <exception cref="TrainerException"><c>evaluate.*</c>, <c>manifest.none</c>, <c>bertscore.*</c>, <c>ratescore.*</c>, <c>wordnet.files</c>.</exception>
    /// <exception cref="HSENetModelException"><c>model.*</c>, <c>weights.*</c>: the directory cannot do the task.</exception>
    /// <exception cref="OperationCanceledException">What was predicted stays; the same request goes on from there.</exception>
    public static void Run(EvaluationRequest request, TextWriter output, CancellationToken stop)
    {
        var directory = ModelDirectory.Open(request.Model);
        var curves = request.Run is { } run ? EventFile.ReadAll(run) : [];
        var manifest = ManifestReader.Read(request.Data);
        var (digest, data) = (directory.Digest(), RunIdentity.DigestOf(request.Data));
        new RunIdentity(request.Task.ToString().ToLowerInvariant(), digest, data, request.Seed).Claim(request.Out);
        using var prepared = EvaluationData.Prepare(request, manifest, directory, output, stop);
        var usable = new EvaluationCases(prepared.Studies, prepared.Studies.Bad);
        var configuration = directory.Configuration;
        var page = new EvaluationPage(
            $"{Title(request.Task)}: {configuration.Name} {configuration.Version}",
            $"{Path.GetFileName(request.Data)} (SHA-256 {data[..12]}…), model {digest[..12]}…, purpose {configuration.Purpose}, seed {request.Seed}",
            configuration.ReportWarning);
        var metrics = new JsonObject
        {
            ["format"] = Format,
            ["task"] = request.Task.ToString().ToLowerInvariant(),
            ["model"] = new JsonObject { ["name"] = configuration.Name, ["version"] = configuration.Version, ["digest"] = digest },
            ["data"] = new JsonObject { ["manifest"] = Path.GetFileName(request.Data), ["sha256"] = data, ["items"] = manifest.Items.Count },
            ["seed"] = request.Seed,
        };
        var context = new EvaluationContext(request, directory, usable, page, metrics, output, stop);
        switch (request.Task)
        {
            case EvaluationTask.Report:
                ReportEvaluation.Run(context);
                break;
            case EvaluationTask.Vqa:
                VqaEvaluation.Run(context);
                break;
            default:
                RetrievalEvaluation.Run(context);
                break;
        }

        Curves(page, curves);
        Finish(context);
    }

    /// <summary>Templates of the directory, or the one that the data set's questions are made after.</summary>
    public static IReadOnlyList<string> Templates(ModelDirectory directory) => directory.Configuration.Prompt?.VqaTemplates is { } file
        ? QuestionTemplates.Read(directory.PathOf(file)) : [$"Where is the {QuestionTemplates.Placeholder} located in the image?"];

    private static string Title(EvaluationTask task) => task switch
    {
        EvaluationTask.Report => "Report generation",
        EvaluationTask.Vqa => "Question answering",
        _ => "Retrieval",
    };

    private static void Curves(EvaluationPage page, IReadOnlyList<Curve> curves)
    {
        if (curves.Count > 0)
        {
            page.Heading("Training curves");
            page.Curves(curves);
        }
    }

    private static void Finish(EvaluationContext context)
    {
        var bad = context.Cases.Bad;
        context.Metrics["bad_items"] = new JsonArray([.. bad.Select(item => (JsonNode)new JsonObject { ["name"] = item.Name, ["code"] = item.Code, ["detail"] = item.Detail })]);
        if (bad.Count > 0)
        {
            context.Page.Heading("Items left out");
            context.Page.Table($"{bad.Count} items could not be evaluated; none was replaced", ["Item", "Code", "Reason"], bad.Select(item => (IReadOnlyList<string>)[item.Name, item.Code, item.Detail]));
            context.Output.WriteLine($"{bad.Count} items left out:");
            foreach (var item in bad)
            {
                context.Output.WriteLine($"  left out: {item.Name}: {item.Code}: {item.Detail}");
            }
        }

        EvaluationOutput.WriteMetrics(context.Request.Out, context.Metrics);
        EvaluationOutput.Replace(Path.Combine(context.Request.Out, EvaluationOutput.Page), context.Page.Write);
        context.Output.WriteLine(Path.Combine(context.Request.Out, EvaluationOutput.Metrics));
        context.Output.WriteLine(Path.Combine(context.Request.Out, EvaluationOutput.Page));
    }
}
