using System.CommandLine;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary><c>migrate</c>: brings the database to the current schema.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Brings the database to this program's schema. Run it before serve, and after every update of the program.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var scripts = await Migrator.MigrateAsync(result.Settings().Database.MigrationConnectionString, cancellationToken);
        foreach (var script in scripts)
        {
            result.Output().WriteLine($"applied {script}");
        }

        result.Output().WriteLine("schema is current");
        return ExitCode.Done;
    }
}
