using System.CommandLine;
using System.Globalization;
using HSENet.Commands;
using HSENet.Trainer.DemoModels;
using HSENet.Trainer.DemoModels.Training;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>demo-model --out DIR [--seed N] [--cases N] [--held-out N]</c>: trains the model of <c>Model/Demo</c>; with <c>--from-round</c> 2 or 3 goes on with
/// that round from what DIR holds, after a stop; with <c>--measure</c> only measures what DIR holds and writes its card anew; with <c>--untrained</c> the same
/// network's toy whose weights are random numbers, for tests.
/// </summary>
internal static class DemoModelCommand
{
    private const int MostCases = 100_000;
    private const int MostHeldOut = 10_000;

    public static Command Create()
    {
        var defaults = new DemoSettings();
        var directory = Parameters.Text("--out", "DIR", "The model directory that is written.").Needed();
        var seed = Parameters.Number("--seed", "N", "The same seed gives the same bytes.", 0, int.MaxValue - 1, defaults.Seed);
        var cases = Parameters.Number("--cases", "N", "Phantoms to train on.", 20, MostCases, defaults.Cases);
        var heldOut = Parameters.Number("--held-out", "N", "Phantoms to measure with afterwards.", 0, MostHeldOut, defaults.HeldOut);
        var fromRound = Parameters.Number("--from-round", "N", "After a stop: goes on with this round from what DIR holds.", 1, FurtherRound.Count + 1, 1);
        var measure = Parameters.Flag("--measure", "Only measures what DIR holds and writes its card anew.");
        var untrained = Parameters.Flag("--untrained", "The same network with random weights, for tests.");
        var command = new Command("demo-model", "Trains the small demonstration model on phantoms, from nothing.")
            .With(directory, seed, cases, heldOut, fromRound, measure, untrained);
        command.SetAction(result =>
        {
            var settings = defaults with { Seed = result.GetValue(seed), Cases = result.GetValue(cases), HeldOut = result.GetValue(heldOut) };
            var from = result.GetValue(measure) ? FurtherRound.Count + 2 : result.GetValue(fromRound);
            var output = result.InvocationConfiguration.Output;
            if (result.GetValue(untrained))
            {
                WriteUntrained(result.GetRequiredValue(directory), settings.Seed, output);
            }
            else
            {
                Train(result.GetRequiredValue(directory), settings, from, output);
            }
        });
        return command;
    }

    private static void WriteUntrained(string directory, int seed, TextWriter output)
    {
        foreach (var file in DemoModel.Write(directory, (ulong)seed))
        {
            output.WriteLine($"{Path.Combine(directory, file.Name)} {file.Length} bytes");
        }
    }

    private static void Train(string directory, DemoSettings settings, int from, TextWriter output)
    {
        Directory.CreateDirectory(directory);
        var seconds = from > 1 ? DemoCard.Seconds(directory) : FirstRound(directory, settings, output);
        for (var round = Math.Max(1, from - 1); round <= FurtherRound.Count; round++)
        {
            FurtherRound.Run(round, directory, settings, seconds, output);
            DemoCard.Write(directory, settings, seconds, new Dictionary<string, double>());
        }

        var measured = settings.HeldOut == 0 ? [] : DemoEvaluation.Measure(directory, settings.HeldOut, settings.HeldOutSeed, output);
        DemoCard.Write(directory, settings, seconds, measured);
        foreach (var (name, value) in measured)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value:F3}"));
        }
    }

    private static Dictionary<string, double> FirstRound(string directory, DemoSettings settings, TextWriter output)
    {
        using var recipe = new DemoRecipe(settings, output);
        recipe.Train();
        DemoWriter.Write(recipe, directory);
        DemoCard.Write(directory, settings, recipe.Seconds, new Dictionary<string, double>());
        return recipe.Seconds;
    }
}
