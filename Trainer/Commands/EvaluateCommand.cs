using System.Globalization;
using System.Runtime.InteropServices;
using HSENet.Trainer.Evaluation.Runs;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>evaluate --task retrieval|report|vqa --data MANIFEST --model DIR --out DIR […]</c>: generates and scores; the same command goes on where it was
/// stopped.
/// </summary>
internal static class EvaluateCommand
{
    private const int MostItems = 100_000_000;

    public static void Run(string[] args, TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var request = Request(args);
        try
        {
            Evaluator.Run(request, output, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new TrainerException("evaluate.stopped", $"What was predicted is in {request.Out}; the same command goes on from there.");
        }
    }

    private static EvaluationRequest Request(string[] args)
    {
        var (entities, rest) = ManyValues.Take("evaluate", args, "--ratescore");
        var options = new Options(
            "evaluate", rest,
            ["--task", "--data", "--model", "--out", "--limit", "--seed", "--run", "--bertscore", "--wordnet", "--published-seconds", "--device", "--cache"], "--swap-images");
        var task = options.Required("--task") switch
        {
            "retrieval" => EvaluationTask.Retrieval,
            "report" => EvaluationTask.Report,
            "vqa" => EvaluationTask.Vqa,
            var other => throw new UsageException($"evaluate: --task {other}: retrieval, report or vqa is wanted."),
        };
        if (task != EvaluationTask.Report && (options.Has("--swap-images") || options.Text("--bertscore") is not null || entities.Count > 0))
        {
            throw new UsageException("evaluate: --swap-images, --bertscore and --ratescore are for --task report.");
        }

        return new EvaluationRequest
        {
            Task = task,
            Data = options.Required("--data"),
            Model = options.Required("--model"),
            Out = options.Required("--out"),
            Limit = options.Text("--limit") is null ? null : options.Number("--limit", null, 1, MostItems),
            Seed = options.Number("--seed", 42, 0, int.MaxValue),
            SwapImages = options.Has("--swap-images"),
            Run = options.Text("--run"),
            BertScore = options.Text("--bertscore"),
            RateScore = entities,
            WordNet = options.Text("--wordnet"),
            PublishedSeconds = Seconds(options.Text("--published-seconds")),
            Device = options.Text("--device") ?? "auto",
            Cache = options.Text("--cache"),
        };
    }

    private static double? Seconds(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && double.IsFinite(seconds) ? seconds
        : throw new UsageException($"evaluate: --published-seconds {text}: a positive number is wanted.");
}
