using Dapper;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;
using HSENet.Worker.Audit;
using HSENet.Worker.Commitment;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Reporting;
using HSENet.Worker.Series;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace HSENet.Integration.Tests;

/// <summary>
/// The service's parts on a real database and a real spool, driven step by step: no host, no sockets, no waiting. The quiet period is zero,
/// so a series closes at the first sweep without an open association.
/// </summary>
internal sealed class ServiceWorld : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private TestDatabase _database;
    private readonly IReportSender? _sender;
    private readonly TimeProvider _time;
    private ServiceProvider _services;

    private ServiceWorld(TempFolder folder, TestDatabase database, WorkerSettings settings, IReportSender? sender, TimeProvider? time)
    {
        _sender = sender;
        _time = time ?? TimeProvider.System;
        _folder = folder;
        _database = database;
        Settings = settings;
        _services = Compose();
    }

    public WorkerSettings Settings { get; }

    public StandInModel Model { get; } = new();

    public StandInPacs Pacs { get; } = new();

    public StandInDisk Disk { get; } = new();

    /// <summary>The wire of storage commitment.</summary>
    public StandInCommitmentPeers Peers { get; } = new();

    public RecordingQueue Queue { get; } = new();

    public TestDatabase Database => _database;

    public string Spool => Path.Combine(Settings.Data.Directory, "spool");

    public static async Task<ServiceWorld> CreateAsync(
        Action<WorkerSettings>? change = null, IReportSender? sender = null, TimeProvider? time = null)
    {
        var database = await MigratedDatabase.CreateAsync();
        var folder = new TempFolder("service");
        var settings = new WorkerSettings();
        settings.Data.Directory = folder.Root;
        settings.Series.QuietPeriod = TimeSpan.Zero;
        settings.Series.Coverage = "record"; // the series are a stretch of a chest
        settings.Database.ConnectionString = database.ServiceConnectionString;
        settings.Destinations.Add(new DestinationOptions { Name = "pacs", AeTitle = "PACS", Host = "127.0.0.1", Port = 104 });
        change?.Invoke(settings);
        var world = new ServiceWorld(folder, database, settings, sender, time);
        await world.StartAsync();
        return world;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Ends the process without a word and starts the next one.</summary>
    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        _services = Compose();
        await StartAsync();
    }

    /// <summary>Ends the process without a word.</summary>
    public async Task StopAsync() => await _services.DisposeAsync();

    /// <summary>Ends the process, loses the database, and starts the next one with an empty one over the same spool.</summary>
    public async Task NewDatabaseAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        _database = await MigratedDatabase.CreateAsync();
        Settings.Database.ConnectionString = _database.ServiceConnectionString;
        _services = Compose();
        await StartAsync();
    }

    public async Task<Sender> ConnectAsync(string callingAe = "CT1", string remoteHost = "127.0.0.1")
    {
        var context = new AssociationContext(Guid.NewGuid(), callingAe, "HSENET", remoteHost, 4711);
        var verdict = await Get<IInstanceReceiver>().OnAssociationAsync(context, CancellationToken.None);
        return new Sender(Get<IInstanceReceiver>(), context, verdict);
    }

    /// <summary>One association with the whole series, released.</summary>
    public async Task<IReadOnlyList<StoreReply>> PushAsync(CtSeriesBuilder series, string callingAe = "CT1")
    {
        var sender = await ConnectAsync(callingAe);
        var replies = new List<StoreReply>();
        for (var slice = 0; slice < series.SliceCount; slice++)
            replies.Add(await sender.StoreAsync(series, slice));
        await sender.EndAsync();
        return replies;
    }

    public Task SweepSeriesAsync() =>
        _services.GetServices<IHostedService>().OfType<SeriesAssembler>().Single().SweepAsync(CancellationToken.None);

    /// <summary>Dispatches what is ready and runs it.</summary>
    public async Task RunJobsAsync()
    {
        Queue.Sent.Clear();
        await Get<JobDispatchStore>().DispatchAsync(Queue, CancellationToken.None);
        foreach (var jobId in Queue.Sent)
            await Get<JobRunner>().RunAsync(jobId, CancellationToken.None);
    }

    /// <summary>Tries every due delivery to a destination.</summary>
    public async Task DeliverAsync(string destination = "pacs")
    {
        var service = _services.GetServices<IHostedService>().OfType<DeliveryService>().Single();
        while (await service.SweepAsync(Settings.Destinations.Single(d => d.Name == destination), CancellationToken.None))
        {
        }
    }

    /// <summary>Copies every report into the spool that has no copy there.</summary>
    public async Task KeepReportsAsync()
    {
        while (await _services.GetServices<IHostedService>().OfType<ReportCopies>().Single().SweepAsync(CancellationToken.None))
        {
        }
    }

    /// <summary>What the service does at its start and from time to time about deliveries to destinations that are not configured.</summary>
    public Task LookForOrphansAsync() =>
        _services.GetServices<IHostedService>().OfType<DeliveryService>().Single().LookForOrphansAsync(CancellationToken.None);

    /// <summary>Asks a destination about every report that is due for storage commitment, after those whose answer has not come in time.</summary>
    public async Task AskAsync(string destination = "pacs")
    {
        var service = _services.GetServices<IHostedService>().OfType<AskService>().Single();
        while (await service.ExpireAsync(CancellationToken.None))
        {
        }

        while (await service.SweepAsync(Settings.Destinations.Single(d => d.Name == destination), CancellationToken.None))
        {
        }
    }

    /// <summary>Checks and reports every storage commitment request that is due.</summary>
    public async Task ReportAsync()
    {
        var service = _services.GetServices<IHostedService>().OfType<ReportService>().Single();
        while (await service.SweepAsync(CancellationToken.None))
        {
        }
    }

    /// <summary>Rows as the owner sees them.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.OwnerConnectionString);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    public async Task<IReadOnlyList<string>> AuditAsync() =>
        await QueryAsync<string>("select event || coalesce(' ' || reason, '') from audit.event order by event_id");

    /// <summary>What waits for a later time is due now.</summary>
    public Task HurryAsync()
    {
        Settings.Destinations.ForEach(d => Get<DestinationPauses>().Answered(d.Name));
        return _database.ExecuteAsync("update job set not_before = now() - interval '1 s'; update delivery set not_before = now() - interval '1 s'; update commitment set not_before = now() - interval '1 s'; update commitment_request set not_before = now() - interval '1 s'");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private ServiceProvider Compose()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddFoundation(Settings).AddDelivery().AddCommitment().AddSchedules().AddInference(TimeSpan.FromSeconds(5)).AddSeries().AddIngest();
        services.AddSingleton<IReportModel>(Model);
        services.AddSingleton(_time);
        services.AddSingleton(_sender ?? Pacs);
        services.AddSingleton<ICommitmentCaller>(Peers);
        services.AddSingleton<IFreeSpace>(Disk);
        services.AddSingleton<IJobQueue>(Queue);
        return services.BuildServiceProvider();
    }

    private Task StartAsync() =>
        _services.GetServices<IHostedService>().OfType<WorkerStartup>().Single().StartAsync(CancellationToken.None);
}
