using System.Globalization;
using Dapper;
using HSENet.TestKit;
using Npgsql;

namespace HSENet.Benchmarks.Pipeline;

/// <summary>
/// The service as a hospital splits it: the gateway as it is published and inference workers with <see cref="SleepingModel"/>, each a process of its own, on one database, one
/// spool and one virtual host of RabbitMQ, and DCMTK's storescp as the PACS.
/// </summary>
internal sealed class PipelineRig : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>The shortest that lets a sender's instances be of one series; part of each latency.</summary>
    public static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(1);

    private readonly TempFolder _data = new("rig");
    private readonly TestDatabase _database;
    private readonly TestBroker _broker;
    private readonly NpgsqlDataSource _source;
    private readonly Dictionary<string, string?> _settings;
    private readonly List<ChildProcess> _workers = [];
    private WorkerProcess? _gateway;

    private PipelineRig(TestDatabase database, TestBroker broker, StoreScpProcess pacs)
    {
        _database = database;
        _broker = broker;
        _source = NpgsqlDataSource.Create(database.OwnerConnectionString);
        Pacs = pacs;
        _settings = new(broker.Settings)
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString,
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
            ["Dicom:Port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["Data:Directory"] = _data.Root,
            ["Spool:MinimumFreeSpace"] = "64MiB",
            ["Series:QuietPeriod"] = QuietPeriod.ToString(),
            ["Series:Coverage"] = "record", // the series are a stretch of a chest
            ["Destinations:0:Name"] = "pacs",
            ["Destinations:0:AeTitle"] = pacs.AeTitle,
            ["Destinations:0:Host"] = "127.0.0.1",
            ["Destinations:0:Port"] = pacs.Port.ToString(CultureInfo.InvariantCulture),
            ["Destinations:0:AllowDemonstration"] = "true",
        };
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>Health and metrics of the gateway.</summary>
    public Uri Web { get; } = new($"http://127.0.0.1:{FreePort.Next()}/");

    public StoreScpProcess Pacs { get; }

    /// <summary>Process ids by what they are: gateway, worker 1, worker 2, …</summary>
    public IEnumerable<(string Name, int Id)> Processes =>
        [.. _gateway is null ? [] : new[] { ("gateway", _gateway.Process.Id) }, .. _workers.Select((worker, i) => ($"worker {i + 1}", worker.Id))];

    public static async Task<PipelineRig> CreateAsync()
    {
        var rig = new PipelineRig(await TestDatabase.CreateAsync(), await TestBroker.CreateAsync(), await StoreScpProcess.StartAsync("PACS"));
        (await rig.RunAsync("migrate")).Succeeded();
        return rig;
    }

    public async Task StartGatewayAsync()
    {
        _gateway = WorkerProcess.Start(["serve"], new Dictionary<string, string?>(_settings) { ["Roles"] = "gateway", ["Web:Url"] = Web.ToString() });
        await _gateway.WaitForLineAsync(line => line.Contains("listening", StringComparison.Ordinal), Deadline, "the gateway listens");
    }

    /// <param name="count">Workers to add.</param>
    /// <param name="modelTime">How long each job's model sleeps.</param>
    public async Task StartWorkersAsync(int count, TimeSpan modelTime)
    {
        var environment = new Dictionary<string, string?>(_settings) { ["Roles"] = "inference", ["Web:Url"] = "" }
            .ToDictionary(pair => $"HSENet__{pair.Key.Replace(":", "__", StringComparison.Ordinal)}", pair => pair.Value);
        var started = Enumerable.Range(0, count).Select(_ => SleepingWorker.Start(modelTime, environment)).ToList();
        _workers.AddRange(started);
        await Task.WhenAll(started.Select(worker =>
            worker.WaitForLineAsync(line => line.Contains("answers", StringComparison.Ordinal), Deadline, "the worker has reached the broker")));
    }

    /// <summary>SIGTERM to all workers, and waits for their ends.</summary>
    public async Task StopWorkersAsync()
    {
        await Task.WhenAll(_workers.Select(worker => worker.TerminateAsync(Deadline)));
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        _workers.Clear();
    }

    /// <summary>A command of the worker, run to its end.</summary>
    public Task<ToolResult> RunAsync(params string[] command) => WorkerProcess.RunAsync(command, Deadline, _settings);

    /// <summary>Rows as the owner sees them.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = await _source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, commandTimeout: 300))];
    }

    /// <summary>Reports at the PACS.</summary>
    public int CountReports() => Directory.EnumerateFiles(Pacs.Folder).Count();

    /// <summary>Waits for reports; gives up when none has come for <see cref="Deadline"/>.</summary>
    public async Task WaitForReportsAsync(int count)
    {
        var (seen, since) = (-1, DateTime.UtcNow);
        while (seen < count)
        {
            var now = CountReports();
            if (now > seen)
                (seen, since) = (now, DateTime.UtcNow);
            else if (DateTime.UtcNow - since > Deadline)
                throw new TimeoutException($"{seen} of {count} reports, and no more for {Deadline}; the gateway said\n{_gateway?.Process.Tail()}");
            else
                await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        await Pacs.DisposeAsync();
        await _broker.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
        _data.Dispose();
    }
}
