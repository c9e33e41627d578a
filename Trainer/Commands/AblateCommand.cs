using HSENet.Model.Runtime;
using HSENet.Trainer.Ablations;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>ablate --model DIR --out DIR [--tables 1b,1c,2b,3,5] [--seeds N] [--config F.json]</c>: the paper's ablations on phantoms. Results lie in DIR, one file
/// for each arm and seed; the same command goes on after a stop, and more seeds or tables add to what is there.
/// </summary>
internal static class AblateCommand
{
    private const int DefaultSeeds = 3;
    private const int MostSeeds = 1000;

    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options("ablate", args, ["--model", "--out", "--tables", "--seeds", "--config"]);
        var (model, directory) = (options.Required("--model"), options.Required("--out"));
        var seeds = options.Number("--seeds", DefaultSeeds, 1, MostSeeds);
        var tables = Tables(options.Text("--tables"));
        var settings = SettingsFile.Over(new AblationSettings(), options.Text("--config"));
        using var signals = new StopSignals(() => output.WriteLine("stopping after this arm; a second signal ends at once"));
        try
        {
            TensorLibrary.Run(() =>
            {
                new AblationRun(model, directory, settings, output).Execute(tables, seeds, signals.Token);
                return 0;
            });
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            throw new TrainerException("ablate.stopped", "Stopped before the last arm: the same command goes on.");
        }

        output.WriteLine($"tables in {Path.Combine(directory, AblationRun.TablesText)} and {AblationRun.TablesJson}");
    }

    private static IReadOnlyList<AblationTable> Tables(string? names)
    {
        if (names is null)
        {
            return AblationPlan.Tables;
        }

        var wanted = names.Split(',');
        return wanted.FirstOrDefault(name => AblationPlan.Tables.All(table => table.Id != name)) is { } unknown
            ? throw new UsageException($"ablate: --tables {unknown}: none of {string.Join(", ", AblationPlan.Tables.Select(table => table.Id))}.")
            : [.. AblationPlan.Tables.Where(table => wanted.Contains(table.Id))];
    }
}
