using System.Collections.Concurrent;
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

/// <summary>Hosts of either role on one database, one spool and one virtual host of a real broker; the model is a stand-in.</summary>
internal sealed class QueueWorld : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new("queue");
    private readonly List<IHost> _hosts = [];

    private readonly TestBroker? _broker;
    private readonly IReadOnlyDictionary<string, string?> _settings;

    private QueueWorld(TestDatabase database, TestBroker? broker, IReadOnlyDictionary<string, string?> settings)
    {
        Database = database;
        _broker = broker;
        _settings = settings;
    }

    public TestDatabase Database { get; }

    /// <summary>Its virtual host on the shared broker.</summary>
    public TestBroker Broker => _broker ?? throw new InvalidOperationException("this world has a broker of its own");

    /// <summary>What the hosts logged at Information or above.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <param name="settings">Of a broker of the test's own; null: a virtual host on the shared one.</param>
    public static async Task<QueueWorld> CreateAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var database = await MigratedDatabase.CreateAsync();
        var broker = settings is null ? await TestBroker.CreateAsync() : null;
        return new QueueWorld(database, broker, settings ?? broker!.Settings);
    }

    public async Task<IHost> StartGatewayAsync(params string[] settings) => await StartAsync(Build("gateway", null, settings));

    public async Task<IHost> StartInferenceAsync(StandInModel model, params string[] settings) => await StartAsync(Build("inference", model, settings));

    /// <summary>A host with a timing of jobs of its own.</summary>
    public async Task<IHost> StartAsync(string role, StandInModel? model, JobTiming timing) => await StartAsync(Build(role, model, timing));

    public IHost Build(string roles, StandInModel? model, params string[] settings) => Build(roles, model, null, settings);

    private IHost Build(string roles, StandInModel? model, JobTiming? timing, params string[] settings) => WorkerHost.Build(
        [
            $"--HSENet:Roles={roles}",
            $"--HSENet:Database:ConnectionString={Database.ServiceConnectionString}",
            $"--HSENet:Data:Directory={_folder.Path("data")}",
            "--HSENet:Dicom:Port=0",
            "--HSENet:Web:Url=http://127.0.0.1:0",
            "--HSENet:Series:QuietPeriod=00:00:00.3",
            "--HSENet:Series:Coverage=record", // the series are a stretch of a chest
            "--HSENet:Spool:MinimumFreeSpace=1MiB",
            "--HSENet:Destinations:0:Name=pacs",
            "--HSENet:Destinations:0:AeTitle=PACS",
            "--HSENet:Destinations:0:Host=127.0.0.1",
            "--HSENet:Destinations:0:Port=1",
            .. _settings.Select(s => $"--HSENet:{s.Key}={s.Value}"),
            .. settings,
        ],
        services =>
        {
            services.AddLogging(l => l.ClearProviders().AddProvider(new LogKeeper(Log)));
            if (model is not null)
                services.AddSingleton<IReportModel>(model);
            if (timing is not null)
                services.AddSingleton(timing);
        });

    /// <summary>Waits for a line of the log.</summary>
    public Task WaitForLogAsync(string text) => Until.TrueAsync(
        () => Task.FromResult(Log.Any(l => l.Contains(text, StringComparison.Ordinal))), Deadline, () => $"'{text}' in the log:\n{string.Join('\n', Log)}");

    public async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None).WaitAsync(Deadline);
        _hosts.Remove(host);
        host.Dispose();
    }

    public async Task StopAllAsync()
    {
        foreach (var host in _hosts.ToList())
            await StopAsync(host);
    }

    /// <summary>Makes jobs out of series that are pushed, one each.</summary>
    public async Task PushAsync(IHost gateway, params string[] identities)
    {
        foreach (var identity in identities)
        {
            var folder = _folder.Path("series-" + identity);
            new CtSeriesBuilder { Identity = identity }.Write(folder);
            var result = await Dcmtk.StoreAsync(gateway.Services.GetRequiredService<IngestServer>().Port, "HSENET", folder);
            Assert.True(result.ExitCode == 0, result.ToString());
        }
    }

    public Task WaitForStatesAsync(string states) => Until.TrueAsync(
        async () => await StatesAsync() == states,
        Deadline,
        () => $"jobs are {states}; they are {StatesAsync().GetAwaiter().GetResult()}; log:\n{string.Join('\n', Log)}");

    /// <summary>States of the jobs, oldest first.</summary>
    public async Task<string> StatesAsync() => string.Join(' ', await QueryAsync<string>("select state from job order by created_at"));

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.OwnerConnectionString);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<IHost> StartAsync(IHost host)
    {
        _hosts.Add(host);
        await host.StartAsync(CancellationToken.None).WaitAsync(Deadline);
        return host;
    }

    private sealed class LogKeeper(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}".TrimEnd());

        public void Dispose()
        {
        }
    }
}
