using Dapper;
using HSENet.TestKit;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary><c>serve</c> as a process that can be killed and started again on the same spool and database. Nothing closes: the quiet period is half an hour.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    public const string AeTitle = "HSENET";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    private readonly TestDatabase _database;
    private readonly TempFolder _data = new("gateway");
    private readonly Dictionary<string, string?> _settings;
    private WorkerProcess? _worker;

    private GatewayProcess(TestDatabase database, string? dataDirectory)
    {
        _database = database;
        Port = FreePort.Next();
        DataDirectory = dataDirectory ?? _data.Root;
        _settings = new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString,
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
            ["Dicom:AeTitle"] = AeTitle,
            ["Dicom:Port"] = $"{Port}",
            ["Data:Directory"] = DataDirectory,
            ["Spool:MinimumFreeSpace"] = "1MiB",
            ["Series:QuietPeriod"] = "00:30:00",
            ["Series:Deadline"] = "02:00:00",
        };
    }

    public int Port { get; }

    public string DataDirectory { get; }

    public string Spool => Path.Combine(DataDirectory, "spool");

    public WorkerProcess Worker => _worker ?? throw new InvalidOperationException("It does not run.");

    public TestDatabase Database => _database;

    public static async Task<GatewayProcess> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, IReadOnlyList<string>? under = null, string? dataDirectory = null)
    {
        var gateway = new GatewayProcess(await TestDatabase.CreateAsync(), dataDirectory);
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
            gateway._settings[key] = value;
        await Migrator.MigrateAsync(gateway._database.OwnerConnectionString, CancellationToken.None);
        await gateway.RunAsync(under);
        return gateway;
    }

    /// <summary>Starts the worker, again after a kill, and waits until it listens.</summary>
    public async Task RunAsync(IReadOnlyList<string>? under = null)
    {
        await EndAsync();
        _worker = WorkerProcess.Start(["serve"], _settings, under: under);
        await _worker.WaitForLineAsync(l => l.Contains("listening", StringComparison.Ordinal), StartDeadline, "the worker listens");
    }

    /// <summary>Rows as the owner sees them.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(_database.OwnerConnectionString);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>The files of the series folders.</summary>
    public string[] StoredFiles() => Directory.GetFiles(Path.Combine(Spool, "series"), "*.dcm", SearchOption.AllDirectories);

    /// <summary>Kills the worker and waits for its end.</summary>
    public async Task EndAsync()
    {
        if (_worker is not null)
            await _worker.DisposeAsync();
        _worker = null;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _database.DisposeAsync();
        _data.Dispose();
    }
}
