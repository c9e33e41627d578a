using System.Reflection;
using Dapper;
using Npgsql;

namespace HSENet.Worker.Persistence;

/// <summary>The scripts that make the schema, and the check that a database has exactly these.</summary>
internal static class SchemaVersion
{
    public const string JournalSchema = "public";
    public const string JournalTable = "schema_journal";

    private const string Prefix = "HSENet.Worker.Persistence.Migrations.";

    public static Assembly Assembly => typeof(SchemaVersion).Assembly;

    public static bool IsScript(string resource) =>
        resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith(".sql", StringComparison.Ordinal);

    /// <exception cref="WorkerException"><c>database.unreachable</c> or <c>database.schema</c>.</exception>
    public static async Task CheckAsync(Database database, CancellationToken cancellationToken)
    {
        HashSet<string> applied;
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            applied = [.. await connection.QueryAsync<string>(
                new CommandDefinition($"select scriptname from {JournalSchema}.{JournalTable}", cancellationToken: cancellationToken))];
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new WorkerException("database.schema", "the database has no schema yet: run 'migrate'", e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException)
        {
            throw Unreachable(e);
        }

        var known = Assembly.GetManifestResourceNames().Where(IsScript).ToHashSet(StringComparer.Ordinal);
        if (known.Except(applied).Order(StringComparer.Ordinal).FirstOrDefault() is { } missing)
        {
            throw new WorkerException("database.schema", $"the schema is older than this program (misses {missing[Prefix.Length..]}): run 'migrate'");
        }

        if (applied.Except(known).Order(StringComparer.Ordinal).LastOrDefault() is { } foreign)
        {
            throw new WorkerException("database.schema", $"the schema is newer than this program (has {foreign}): update the program");
        }
    }

    public static WorkerException Unreachable(Exception cause) =>
        new(
            "database.unreachable",
            (cause is PostgresException p ? $"{p.SqlState}: {p.MessageText}" : cause.Message)
                + " (settings HSENet:Database; for development run deploy/dev/up.sh postgres and source .local/env)",
            cause);
}
