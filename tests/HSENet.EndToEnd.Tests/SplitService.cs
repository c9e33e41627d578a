using HSENet.TestKit;
using HSENet.Worker.Persistence;

namespace HSENet.EndToEnd.Tests;

/// <summary>
/// Gateway and inference as processes of their own on one database, one spool and one virtual host of a real broker, with the demonstration model and a
/// PACS that keeps what it gets.
/// </summary>
internal sealed class SplitService : IAsyncDisposable
{
    /// <summary>What an inference process reads after its claim and before its work: held, the job stands there.</summary>
    public const string FirstStep = "instance";

    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly TempFolder _folder = new("split");
    private readonly int _port = FreePort.Next();
    private readonly List<WorkerProcess> _processes = [];
    private readonly Dictionary<string, string?> _settings;

    private SplitService(TestDatabase database, TestBroker broker, StoreScpProcess pacs)
    {
        Database = database;
        Broker = broker;
        Pacs = pacs;
        _settings = new(broker.Settings)
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString + ";Command Timeout=0", // a held table is no failure, however slow the machine
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
            ["Dicom:Port"] = $"{_port}",
            ["Data:Directory"] = _folder.Path("data"),
            ["Spool:MinimumFreeSpace"] = "64MiB",
            ["Series:QuietPeriod"] = "00:00:01",
            ["Series:Coverage"] = "record", // the series are a stretch of a chest
            ["Web:Url"] = "",
            ["Destinations:0:Name"] = "pacs",
            ["Destinations:0:AeTitle"] = pacs.AeTitle,
            ["Destinations:0:Host"] = "127.0.0.1",
            ["Destinations:0:Port"] = $"{pacs.Port}",
            ["Destinations:0:AllowDemonstration"] = "true",
        };
    }

    public TestDatabase Database { get; }

    public TestBroker Broker { get; }

    public StoreScpProcess Pacs { get; }

    public int Port => _port;

    public string Spool => _folder.Path("data", "spool");

    /// <param name="further">Settings of both roles.</param>
    public static async Task<SplitService> CreateAsync(params (string Key, string Value)[] further)
    {
        var service = new SplitService(await TestDatabase.CreateAsync(), await TestBroker.CreateAsync(), await StoreScpProcess.StartAsync("PACS"));
        foreach (var (key, value) in further)
            service._settings[key] = value;
        await Migrator.MigrateAsync(service.Database.OwnerConnectionString, CancellationToken.None);
        return service;
    }

    public async Task<WorkerProcess> StartGatewayAsync()
    {
        var gateway = Start("gateway");
        await gateway.WaitForLineAsync(l => l.Contains("listening", StringComparison.Ordinal), Deadline, "the gateway listens");
        return gateway;
    }

    public async Task<WorkerProcess> StartInferenceAsync(params (string Variable, string Value)[] settings)
    {
        var inference = Start("inference", settings);
        await inference.WaitForLineAsync(l => l.Contains("answers", StringComparison.Ordinal), Deadline, "the inference runs");
        return inference;
    }

    /// <summary>Pushes a series and waits for its job.</summary>
    public async Task PushAsync(string identity = "a")
    {
        var before = await Database.ScalarAsync<long>("select count(*) from job");
        var folder = _folder.Path("series-" + identity);
        new CtSeriesBuilder { Identity = identity }.Write(folder);
        (await Dcmtk.StoreAsync(_port, "HSENET", folder)).Succeeded();
        await Until.TrueAsync(async () => await Database.ScalarAsync<long>("select count(*) from job") == before + 1, Deadline, "the job is made");
    }

    /// <summary>State and attempt of the jobs, oldest first.</summary>
    public async Task<string> JobsAsync() =>
        await Database.ScalarAsync<string>("select string_agg(state || ' ' || attempt, ', ' order by created_at) from job") ?? "";

    public Task WaitForJobsAsync(string jobs) => Until.TrueAsync(
        async () => await JobsAsync() == jobs,
        Deadline,
        () => $"jobs are '{jobs}'; they are '{JobsAsync().GetAwaiter().GetResult()}'\n{string.Join("\n--\n", _processes.Select(p => p.Process.HasExited ? "ended" : p.Process.Tail()))}");

    /// <summary>Waits for a number that the broker's management tells of the routine queue; it is some seconds behind.</summary>
    public Task WaitForQueueAsync(string what, long value) => Until.TrueAsync(
        async () => (await Broker.QueuesAsync()).TryGetValue("hsenet.routine", out var queue) && queue.TryGetProperty(what, out var number) && number.GetInt64() == value,
        Deadline,
        $"{what} of the queue is {value}");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        await Pacs.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    private WorkerProcess Start(string role, params (string Variable, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(_settings) { ["Roles"] = role };
        foreach (var (variable, value) in settings)
            all[variable] = value;
        var process = WorkerProcess.Start(["serve"], all);
        _processes.Add(process);
        return process;
    }
}
