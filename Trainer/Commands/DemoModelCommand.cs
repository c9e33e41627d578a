using System.Globalization;
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

    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options("demo-model", args, ["--out", "--seed", "--cases", "--held-out", "--from-round"], "--untrained", "--measure");
        var directory = options.Required("--out");
        var defaults = new DemoSettings();
        var seed = options.Number("--seed", defaults.Seed, 0, int.MaxValue - 1);
        if (options.Has("--untrained"))
        {
            foreach (var file in DemoModel.Write(directory, (ulong)seed))
            {
                output.WriteLine($"{Path.Combine(directory, file.Name)} {file.Length} bytes");
            }

            return;
        }

        var settings = defaults with
        {
            Seed = seed,
            Cases = options.Number("--cases", defaults.Cases, 20, MostCases),
            HeldOut = options.Number("--held-out", defaults.HeldOut, 0, MostHeldOut),
        };
        Directory.CreateDirectory(directory);
        var from = options.Has("--measure") ? FurtherRound.Count + 2 : options.Number("--from-round", 1, 1, FurtherRound.Count + 1);
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
