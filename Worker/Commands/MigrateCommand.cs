using HSENet.Worker.Configuration;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary><c>migrate</c>: brings the database to the current schema.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        SettingArguments.Check(args);
        var settings = SettingsReader.Read(args, Directory.GetCurrentDirectory());
        var scripts = await Migrator.MigrateAsync(settings.Database.MigrationConnectionString, cancellationToken);
        foreach (var script in scripts)
        {
            Console.Out.WriteLine($"applied {script}");
        }

        Console.Out.WriteLine("schema is current");
        return ExitCode.Done;
    }
}
