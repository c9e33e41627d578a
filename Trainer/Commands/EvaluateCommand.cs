using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using HSENet.Commands;
using HSENet.Trainer.Evaluation.Runs;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>evaluate --task retrieval|report|vqa --data MANIFEST --model DIR --out DIR […]</c>: generates and scores; the same command goes on where it was
/// stopped.
/// </summary>
internal static class EvaluateCommand
{
    private const int MostItems = 100_000_000;

    public static Command Create()
    {
        var task = Parameters.Choice("--task", "What is generated and scored.", ["retrieval", "report", "vqa"]).Needed();
        var data = Parameters.Text("--data", "MANIFEST", "The studies.").Needed();
        var model = Parameters.Text("--model", "DIR", "The model directory.").Needed();
        var directory = Parameters.Text("--out", "DIR", "Predictions, metrics.json and one HTML page.").Needed();
        var limit = Parameters.Number("--limit", "N", "Only so many studies.", 1, MostItems);
        var seed = Parameters.Number("--seed", "N", "Which studies, with --limit.", 0, int.MaxValue, 42);
        var swap = Parameters.Flag("--swap-images", "Also scores reports of other studies' images; for --task report.");
        var run = Parameters.Text("--run", "DIR", "The training run of this model, for its curves.");
        var bert = Parameters.Text("--bertscore", "DIR", "An encoder for BERTScore; for --task report.");
        var rate = Parameters.Many("--ratescore", "FILE", "Entities of the texts for RaTEScore; for --task report.");
        var wordNet = Parameters.Text("--wordnet", "DIR", "WordNet's files, for METEOR with synonyms.");
        var seconds = Seconds("--published-seconds");
        var device = Parameters.Text("--device", "NAME", "auto, cpu, cuda or cuda:N.").Otherwise("auto");
        var cache = Parameters.Text("--cache", "DIR", "Keeps prepared volumes for the next run.");
        var command = new Command("evaluate", "Generates and scores. The same command goes on where it was stopped.")
            .With(task, data, model, directory, limit, seed, swap, run, bert, rate, wordNet, seconds, device, cache);
        command.Validators.Add(result =>
        {
            if (result.GetValue(task) is not ("report" or null)
                && (result.GetValue(swap) || result.GetResult(bert) is not null || result.GetResult(rate) is not null))
            {
                result.AddError("--swap-images, --bertscore and --ratescore are for --task report.");
            }
        });
        command.SetAction(result => Run(
            new EvaluationRequest
            {
                Task = result.GetValue(task) switch
                {
                    "retrieval" => EvaluationTask.Retrieval,
                    "report" => EvaluationTask.Report,
                    _ => EvaluationTask.Vqa,
                },
                Data = result.GetRequiredValue(data),
                Model = result.GetRequiredValue(model),
                Out = result.GetRequiredValue(directory),
                Limit = result.GetValue(limit),
                Seed = result.GetValue(seed),
                SwapImages = result.GetValue(swap),
                Run = result.GetValue(run),
                BertScore = result.GetValue(bert),
                RateScore = result.GetValue(rate) ?? [],
                WordNet = result.GetValue(wordNet),
                PublishedSeconds = result.GetValue(seconds),
                Device = result.GetRequiredValue(device),
                Cache = result.GetValue(cache),
            },
            result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(EvaluationRequest request, TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            Evaluator.Run(request, output, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new TrainerException("evaluate.stopped", $"What was predicted is in {request.Out}; the same command goes on from there.");
        }
    }

    private static Option<double?> Seconds(string name) => new(name)
    {
        HelpName = "S",
        Description = "Seconds for each study that were published for another machine, to show beside those of this one.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && double.IsFinite(seconds))
            {
                return seconds;
            }

            result.AddError($"{name} {text}: a positive number is wanted.");
            return null;
        },
    };
}
