using Dapper;
using HSENet.TestKit;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace HSENet.Integration.Tests;

/// <summary>What <c>serve</c> runs, in this process, with sockets, spool and database; only the model is a stand-in.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly TempFolder _folder = new("gateway");
    private readonly TestDatabase _database;
    private readonly IHost _host;

    private RunningGateway(TestDatabase database, string[] settings)
    {
        _database = database;
        _host = WorkerHost.Build(
            [
                $"--HSENet:Database:ConnectionString={database.ServiceConnectionString}",
                $"--HSENet:Data:Directory={_folder.Path("data")}",
                "--HSENet:Dicom:Port=0",
                "--HSENet:Web:Url=http://127.0.0.1:0",
                "--HSENet:Series:QuietPeriod=00:00:01",
                "--HSENet:Series:Coverage=record", // the series are a stretch of a chest
                "--HSENet:Spool:MinimumFreeSpace=1MiB",
                .. settings,
            ],
            services =>
            {
                services.AddLogging(l => l.ClearProviders());
                services.AddSingleton<IReportModel>(new StandInModel());
            });
    }

    public int Port => _host.Services.GetRequiredService<IngestServer>().Port;

    public string Spool => _folder.Path("data", "spool");

    public static async Task<RunningGateway> StartAsync(params string[] settings)
    {
        var database = await MigratedDatabase.CreateAsync();
        var gateway = new RunningGateway(database, settings);
        await gateway._host.StartAsync(CancellationToken.None);
        return gateway;
    }

    /// <summary>Rows as the owner sees them.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(_database.OwnerConnectionString);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>Waits until a query gives this.</summary>
    public Task UntilAsync(string sql, string expected) =>
        Until.TrueAsync(async () => (await QueryAsync<string>(sql)).SequenceEqual([expected]), TimeSpan.FromMinutes(1), $"{sql} gives {expected}");

    public async Task<long> CountAsync(string sql) => (await QueryAsync<long>(sql))[0];

    public Task ExecuteAsync(string sql) => _database.ExecuteAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }
}
