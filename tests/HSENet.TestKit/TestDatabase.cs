using System.Data;
using Npgsql;

namespace HSENet.TestKit;

/// <summary>
/// A fresh, empty database on the private development server, owned by the owner's role and dropped afterwards. The server is named by
/// <c>HSENET_TEST_POSTGRES_OWNER</c> and <c>HSENET_TEST_POSTGRES_SERVICE</c> (environment or <c>.local/env</c>; deploy/dev/up.sh starts one).
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>Nobody can be connected to it, which would make CREATE DATABASE fail.</summary>
    private const string EmptyTemplate = "template0";

    private readonly string _serverConnectionString;

    private TestDatabase(string serverConnectionString, string serviceConnectionString, string name)
    {
        _serverConnectionString = serverConnectionString;
        Name = name;
        OwnerConnectionString = For(serverConnectionString, name);
        ServiceConnectionString = For(serviceConnectionString, name);
    }

    /// <summary>The database's random name.</summary>
    public string Name { get; }

    /// <summary>For migrations and for looking behind the service's back.</summary>
    public string OwnerConnectionString { get; }

    /// <summary>For the service: a role that owns nothing.</summary>
    public string ServiceConnectionString { get; }

    /// <summary>Makes the database; see <see cref="Requirement.Missing"/> when there is no server.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var owner = LocalEnvironment.Get("HSENET_TEST_POSTGRES_OWNER");
        var service = LocalEnvironment.Get("HSENET_TEST_POSTGRES_SERVICE");
        if (owner is null || service is null)
            Requirement.Missing("A PostgreSQL server (deploy/dev/up.sh postgres)");
        return await CreateAsync(owner, service);
    }

    /// <summary>Makes the database on another server.</summary>
    /// <param name="owner">Connection string of the owner's role.</param>
    /// <param name="service">Connection string of the service's role.</param>
    public static async Task<TestDatabase> CreateAsync(string owner, string service)
    {
        var database = new TestDatabase(owner, service, $"t_{Guid.NewGuid():N}");
        try
        {
            await database.CreateOnServerAsync(EmptyTemplate);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            Requirement.Missing($"The PostgreSQL server ({e.Message}; deploy/dev/up.sh postgres)");
        }

        return database;
    }

    /// <summary>Makes another one like this, which nobody may use meanwhile.</summary>
    public async Task<TestDatabase> CopyAsync()
    {
        ClearPool();
        var copy = new TestDatabase(_serverConnectionString, ServiceConnectionString, $"t_{Guid.NewGuid():N}");
        await copy.CreateOnServerAsync(Name);
        return copy;
    }

    /// <summary>Drops it, whoever is connected, and makes an empty one of the same name.</summary>
    public async Task RecreateAsync()
    {
        await Until.TrueAsync(TryDropAsync, TimeSpan.FromMinutes(1), $"{Name} is dropped");
        NpgsqlConnection.ClearAllPools(); // of this process: connections to what is gone
        await CreateOnServerAsync(EmptyTemplate);
    }

    /// <summary>Runs a statement as the owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(OwnerConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Runs statements as a superuser whom no trigger stops: what somebody with the keys of the server could do. Named by
    /// <c>HSENET_TEST_POSTGRES_SUPERUSER</c>.
    /// </summary>
    public async Task TamperAsync(string sql)
    {
        var superuser = LocalEnvironment.Get("HSENET_TEST_POSTGRES_SUPERUSER");
        if (superuser is null)
            Requirement.Missing("A superuser of the PostgreSQL server (deploy/dev/up.sh postgres)");
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(For(superuser, Name)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are the test's own
        command.CommandText = $"set session_replication_role = replica; {sql}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// The first value that a query, run as the owner, returns; the default when there is no row or it is null. It changes nothing: a session of the pool
    /// that has ended since, as after an outage, is not the answer, and the query is run again.
    /// </summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        for (var mayBeStale = true; ; mayBeStale = false)
        {
            await using var connection = new NpgsqlConnection(OwnerConnectionString);
            try
            {
                await connection.OpenAsync();
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are the test's own
                command.CommandText = sql;
#pragma warning restore CA2100
                return await command.ExecuteScalarAsync() is T value ? value : default;
            }
            catch (NpgsqlException) when (mayBeStale && connection.State != ConnectionState.Open)
            {
                NpgsqlConnection.ClearPool(connection);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ClearPool();
        await Until.TrueAsync(TryDropAsync, TimeSpan.FromMinutes(1), $"{Name} is dropped");
    }

    private void ClearPool()
    {
        using var connection = new NpgsqlConnection(OwnerConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private Task CreateOnServerAsync(string template) => ExecuteOnServerAsync($"CREATE DATABASE {Name} TEMPLATE {template}");

    /// <returns>False while the server's own autovacuum is in the database: it runs as a superuser, whom the owner may not send away.</returns>
    private async Task<bool> TryDropAsync()
    {
        try
        {
            await ExecuteOnServerAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private async Task ExecuteOnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_serverConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the name is a constant and a GUID's digits
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string For(string connectionString, string database) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database, MaxPoolSize = 20 }.ConnectionString;
}
