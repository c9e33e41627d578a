using Dapper;
using Npgsql;

namespace HSENet.Worker.Persistence;

/// <summary>The one data source of the process. Times are always the database's clock (<c>now()</c>), in UTC.</summary>
internal sealed class Database : IAsyncDisposable
{
    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private readonly NpgsqlDataSource _source;
    private readonly string _own;

    public Database(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.ApplicationName ??= "hsenet-worker";
        builder.ConnectionStringBuilder.IncludeErrorDetail = false;     // values of rows stay out of exceptions and logs

        // the few statements that are run for every instance are parsed and planned once for each connection
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 3;

        // without this each statement is preceded by a reset of the session's state, of which nothing here has any
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        _source = builder.Build();
        _own = new NpgsqlConnectionStringBuilder(builder.ConnectionString) { Pooling = false }.ConnectionString;
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    /// <summary>A connection for session state, such as LISTEN: it is never given to anybody else.</summary>
    public async Task<NpgsqlConnection> OpenOwnAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_own);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the work in one transaction: commits when it returns, rolls back when it throws.</summary>
    public async Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
