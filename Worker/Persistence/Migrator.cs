using Dapper;
using DbUp;
using DbUp.Engine.Output;
using Npgsql;

namespace HSENet.Worker.Persistence;

/// <summary>Brings the database to the current schema, under the owner's role. One runs at a time; running it again changes nothing.</summary>
internal static class Migrator
{
    private const long LockKey = 0x4853454E6574;     // "HSENet"

    /// <returns>The scripts that were run.</returns>
    /// <exception cref="WorkerException"><c>database.unreachable</c> or <c>database.migration</c>.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(string ownerConnectionString, CancellationToken cancellationToken)
    {
        try
        {
            // not from the pool: the lock ends with the session
            var session = new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false };
            await using var connection = new NpgsqlConnection(session.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: 0, cancellationToken: cancellationToken));

            var result = DeployChanges.To.PostgresqlDatabase(ownerConnectionString)
                .WithScriptsEmbeddedInAssembly(SchemaVersion.Assembly, SchemaVersion.IsScript)
                .JournalToPostgresqlTable(SchemaVersion.JournalSchema, SchemaVersion.JournalTable)
                .WithTransactionPerScript()
                .WithVariablesDisabled()
                .LogTo(new NoOpUpgradeLog())
                .Build()
                .PerformUpgrade();
            if (!result.Successful)
            {
                throw new WorkerException("database.migration", $"{result.ErrorScript?.Name}: {result.Error.Message}", result.Error);
            }

            await connection.ExecuteAsync(new CommandDefinition(
                $"grant select on {SchemaVersion.JournalSchema}.{SchemaVersion.JournalTable} to hsenet_service", cancellationToken: cancellationToken));
            return [.. result.Scripts.Select(s => s.Name)];
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException)
        {
            throw SchemaVersion.Unreachable(e);
        }
    }
}
