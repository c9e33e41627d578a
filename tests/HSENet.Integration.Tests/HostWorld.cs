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

/// <summary>The composed service in this process on real sockets, with a database and a spool of its own; only the model is a stand-in.</summary>
internal sealed class HostWorld : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new("host");
    private readonly TestDatabase _database;
    private readonly string[] _settings;
    private readonly Action<IServiceCollection> _configure;
    private IHost? _host;
    private bool _isStarted;

    private HostWorld(TestDatabase database, string[] settings, Action<IServiceCollection>? configure)
    {
        _database = database;
        _settings = settings;
        _configure = configure ?? (_ => { });
    }

    public TestDatabase Database => _database;

    public StandInModel Model { get; } = new();

    public IngestServer Ingest => Get<IngestServer>();

    /// <summary>A folder with a series to send.</summary>
    public string Series
    {
        get
        {
            var folder = _folder.Path("series");
            if (!Directory.Exists(folder))
                new CtSeriesBuilder().Write(folder);
            return folder;
        }
    }

    public string Spool => _folder.Path("data", "spool");

    /// <param name="configure">Last word over the services.</param>
    /// <param name="settings">As <c>Key=value</c>, without the section.</param>
    public static async Task<HostWorld> StartAsync(Action<IServiceCollection>? configure, params string[] settings)
    {
        var database = await MigratedDatabase.CreateAsync();
        var world = new HostWorld(database, settings, configure);
        try
        {
            await world.StartAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    /// <summary>Ends the service and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task StopAsync()
    {
        if (_host is not null)
        {
            if (_isStarted)
            {
                await _host.StopAsync(CancellationToken.None);
            }

            _host.Dispose();
            (_host, _isStarted) = (null, false);
        }
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.OwnerConnectionString);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    /// <summary>Waits until a query gives this.</summary>
    public async Task UntilAsync(string sql, string expected)
    {
        string? seen = null;
        await Until.TrueAsync(
            async () => (seen = await _database.ScalarAsync<string>(sql)) == expected, Deadline, () => $"{sql} gives '{expected}'; it gives '{seen}'");
    }

    public Task<IReadOnlyList<string>> AuditAsync() =>
        QueryAsync<string>("select event || coalesce(' ' || reason, '') from audit.event order by event_id");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        _host = WorkerHost.Build(
            [
                $"--HSENet:Database:ConnectionString={_database.ServiceConnectionString}",
                $"--HSENet:Data:Directory={_folder.Path("data")}",
                "--HSENet:Dicom:Port=0",
                "--HSENet:Web:Url=http://127.0.0.1:0",
                "--HSENet:Series:QuietPeriod=00:00:00.3",
                "--HSENet:Series:Coverage=record", // the series are a stretch of a chest
                "--HSENet:Spool:MinimumFreeSpace=1MiB",
                .. _settings.Select(s => $"--HSENet:{s}"),
            ],
            services =>
            {
                services.AddLogging(l => l.ClearProviders());
                services.AddSingleton<IReportModel>(Model);
                _configure(services);
            },
            isIsolated: true);
        await _host.StartAsync(CancellationToken.None);
        _isStarted = true;
    }
}
