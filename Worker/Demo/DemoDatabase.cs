using Npgsql;

namespace HSENet.Worker.Demo;

/// <summary>
/// A database of its own for one demo, dropped afterwards: the demo may send the same series again and again, and leaves nothing in the user's.
/// </summary>
internal sealed class DemoDatabase : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _owner;

    private DemoDatabase(NpgsqlConnectionStringBuilder owner, string name, string serviceConnectionString)
    {
        _owner = owner;
        Name = name;
        OwnerConnectionString = With(owner, name);
        ServiceConnectionString = With(new(serviceConnectionString), name);
    }

    public string Name { get; }

    public string OwnerConnectionString { get; }

    public string ServiceConnectionString { get; }

    public static async Task<DemoDatabase> CreateAsync(string owner, string service, string name, CancellationToken cancellationToken)
    {
        var database = new DemoDatabase(new(owner), name, service);
        try
        {
            await database.ExecuteAsync($"create database {name}", cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new WorkerException(
                e is PostgresException ? "database.create" : "database.unreachable",
                $"the demo needs a PostgreSQL where it may create a database ({e.Message}); deploy/dev/up.sh postgres starts one", e);
        }

        return database;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        try
        {
            await ExecuteAsync($"drop database if exists {Name} with (force)", CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            Console.Error.WriteLine($"the demo's database {Name} is left behind: {e.Message}");
        }
    }

    private static string With(NpgsqlConnectionStringBuilder settings, string database) =>
        new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_owner.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
