using System.CommandLine;
using HSENet.Commands;
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

    public static Command Create()
    {
        var model = Parameters.Text("--model", "DIR", "The model directory that the arms start from.").Needed();
        var directory = Parameters.Text("--out", "DIR", "Results, one file for each arm and seed.").Needed();
        var tables = Parameters.Text("--tables", "LIST", $"Tables of the paper, comma separated: {string.Join(", ", AblationPlan.Tables.Select(table => table.Id))}. All without it.");
        var seeds = Parameters.Number("--seeds", "N", "Runs of each arm, each with another seed.", 1, MostSeeds, DefaultSeeds);
        var config = Parameters.Text("--config", "F.json", "What differs from the usual settings.");
        var command = new Command(
            "ablate", "Runs the paper's ablations on phantoms. The same command goes on after a stop; more seeds or tables add to what is there.")
            .With(model, directory, tables, seeds, config);
        command.SetAction(result => Run(
            result.GetRequiredValue(model),
            result.GetRequiredValue(directory),
            Tables(result.GetValue(tables)),
            result.GetValue(seeds),
            SettingsFile.Over(new AblationSettings(), result.GetValue(config)),
            result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(
        string model, string directory, IReadOnlyList<AblationTable> tables, int seeds, AblationSettings settings, TextWriter output)
    {
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
            ? throw new UsageException($"--tables {unknown}: none of {string.Join(", ", AblationPlan.Tables.Select(table => table.Id))}.")
            : [.. AblationPlan.Tables.Where(table => wanted.Contains(table.Id))];
    }
}
