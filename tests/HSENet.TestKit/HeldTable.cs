using Npgsql;

namespace HSENet.TestKit;

/// <summary>
/// A table that nobody else can read or write until this is disposed. Whoever asks for it waits inside the database: a test stops a real process at
/// a known step of its work with it.
/// </summary>
public sealed class HeldTable : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly TestDatabase _database;

    private HeldTable(TestDatabase database, NpgsqlConnection connection)
    {
        _database = database;
        _connection = connection;
    }

    /// <summary>Takes the table, as its owner.</summary>
    public static async Task<HeldTable> HoldAsync(TestDatabase database, string table)
    {
        var connection = new NpgsqlConnection(database.OwnerConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"begin; lock table {table} in access exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return new HeldTable(database, connection);
    }

    /// <summary>Waits until exactly so many sessions of the database wait for a table.</summary>
    public Task WaitForWaitersAsync(int count, TimeSpan deadline) => Until.TrueAsync(
        async () => await _database.ScalarAsync<long>(
            "select count(*) from pg_locks where not granted and locktype = 'relation' and database = (select oid from pg_database where datname = current_database())")
            == count,
        deadline,
        $"{count} sessions wait for the table");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
