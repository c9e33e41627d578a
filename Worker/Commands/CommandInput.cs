using System.CommandLine;
using HSENet.Worker.Configuration;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary>What commands take from their command line beside their own options.</summary>
internal static class CommandInput
{
    /// <exception cref="WorkerException"><c>configuration.invalid</c>.</exception>
    public static WorkerSettings Settings(this ParseResult result) => SettingsReader.Read(SettingArguments.Of(result), Directory.GetCurrentDirectory());

    public static TextWriter Output(this ParseResult result) => result.InvocationConfiguration.Output;

    public static TextWriter Error(this ParseResult result) => result.InvocationConfiguration.Error;

    /// <summary>The database of the settings, of this program's schema.</summary>
    /// <exception cref="WorkerException"><c>database.unreachable</c> or <c>database.schema</c>.</exception>
    public static async Task<Database> OpenDatabaseAsync(this WorkerSettings settings, CancellationToken cancellationToken)
    {
        var database = new Database(settings.Database.ConnectionString);
        try
        {
            await SchemaVersion.CheckAsync(database, cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
