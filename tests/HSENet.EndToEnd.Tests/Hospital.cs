using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker.Persistence;

namespace HSENet.EndToEnd.Tests;

/// <summary>The service as it runs in a hospital: <c>serve</c> as a process, a database of its own, Orthanc as the PACS.</summary>
internal sealed class Hospital : IAsyncDisposable
{
    public const string AeTitle = "HSENET";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(5);

    private readonly TempFolder _data;

    private readonly Dictionary<string, string?> _settings;

    private Hospital(TestDatabase database, OrthancServer pacs, TempFolder data, WorkerProcess worker, int port, Dictionary<string, string?> settings)
    {
        _settings = settings;
        Database = database;
        Pacs = pacs;
        _data = data;
        Worker = worker;
        Port = port;
    }

    public TestDatabase Database { get; }

    public OrthancServer Pacs { get; }

    public WorkerProcess Worker { get; private set; }

    /// <summary>Where the worker takes associations.</summary>
    public int Port { get; }

    /// <summary>Its settings file; made by a test, looked at by the service all the time.</summary>
    public string SettingsFile => _data.Path("appsettings.json");

    /// <param name="change">Further settings.</param>
    /// <param name="settingsFile">Content of the settings file; null: none.</param>
    public static async Task<Hospital> OpenAsync(Action<Dictionary<string, string?>>? change = null, string? settingsFile = null)
    {
        var database = await TestDatabase.CreateAsync();
        var pacs = await OrthancServer.StartAsync("PACS");
        var data = new TempFolder();
        var port = FreePort.Next();
        var settings = new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString,
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
            ["Dicom:AeTitle"] = AeTitle,
            ["Dicom:Port"] = $"{port}",
            ["Data:Directory"] = data.Root,
            ["Spool:MinimumFreeSpace"] = "64MiB",
            ["Series:QuietPeriod"] = "00:00:02",
            ["Series:Coverage"] = "record", // the series are a stretch of a chest
            ["Destinations:0:Name"] = "pacs",
            ["Destinations:0:AeTitle"] = pacs.AeTitle,
            ["Destinations:0:Host"] = "127.0.0.1",
            ["Destinations:0:Port"] = $"{pacs.DicomPort}",
            ["Destinations:0:AllowDemonstration"] = "true",
        };
        change?.Invoke(settings);
        if (settingsFile is not null)
            await File.WriteAllTextAsync(data.Path("appsettings.json"), settingsFile);
        await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None);
        var worker = await ServeAsync(settings, data.Root);
        return new(database, pacs, data, worker, port, settings);
    }

    /// <summary>kill -9, and the service again.</summary>
    public async Task KillAndRestartAsync()
    {
        Worker.Kill();
        await Worker.DisposeAsync();
        Worker = await ServeAsync(_settings, _data.Root);
    }

    /// <summary>Runs <c>check</c> with the settings of the service.</summary>
    public Task<ToolResult> CheckAsync() => WorkerProcess.RunAsync(["check"], StartDeadline, _settings);

    /// <summary>Pushes a folder or file with DCMTK's storescu, as a scanner does.</summary>
    public async Task PushAsync(string path)
    {
        var sent = await Dcmtk.StoreAsync(Port, AeTitle, path, timeout: TimeSpan.FromMinutes(3));
        Assert.True(sent.ExitCode == 0, sent.Everything);
    }

    /// <summary>Waits until every delivery has ended and there is at least one; returns their states.</summary>
    public async Task WaitForDeliveriesAsync(int count)
    {
        await Until.TrueAsync(
            async () => await Database.ScalarAsync<long>("select count(*) from delivery where state in ('stored', 'failed')") >= count,
            TimeSpan.FromMinutes(4),
            $"{count} deliveries have ended");
    }

    /// <summary>Series, job and delivery states as one line each.</summary>
    public async Task<string> StatesAsync() => await Database.ScalarAsync<string>("""
        select (select string_agg('series ' || state || coalesce(' ' || refusal_code, ''), ';' order by created_at) from series)
            || ' | ' || coalesce((select string_agg('job ' || state || coalesce(' ' || error_code, ''), ';' order by created_at) from job), 'no job')
            || ' | ' || coalesce((select string_agg('delivery ' || state, ';' order by created_at) from delivery), 'no delivery')
        """) ?? "";

    /// <summary>The structured reports that the PACS holds for a study (Orthanc's instance ids).</summary>
    public async Task<IReadOnlyList<string>> ReportsAsync(string studyUid)
    {
        var found = new List<string>();
        foreach (var series in await Pacs.FindAsync("Series", ("StudyInstanceUID", studyUid), ("Modality", "SR")))
        {
            var details = await Pacs.GetAsync<JsonElement>($"series/{series}");
            found.AddRange(details.GetProperty("Instances").EnumerateArray().Select(i => i.GetString()!));
        }

        return found;
    }

    /// <summary>Event names of the audit in order, without those that only tell of the service itself.</summary>
    public async Task<string[]> AuditAsync() =>
        (await Database.ScalarAsync<string>("select string_agg(event, ' ' order by event_id) from audit.event"))?.Split(' ') ?? [];

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await Pacs.DisposeAsync();
        await Database.DisposeAsync();
        _data.Dispose();
    }

    private static async Task<WorkerProcess> ServeAsync(Dictionary<string, string?> settings, string folder)
    {
        var worker = WorkerProcess.Start(["serve"], settings, folder);
        await worker.WaitForLineAsync(l => l.Contains("listening", StringComparison.Ordinal), StartDeadline, "the worker listens");
        return worker;
    }
}
