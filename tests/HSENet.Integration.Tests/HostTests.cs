using HSENet.TestKit;
using HSENet.Worker;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Dapper;

namespace HSENet.Integration.Tests;

/// <summary>The composed service in this process, with real sockets and the real queue; only the model is a stand-in.</summary>
public sealed class HostTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new("host");
    private readonly StandInModel _model = new();
    private readonly Recorder _recorder = new();
    private TestDatabase? _database;

    [Fact]
    public async Task A_series_pushed_twice_comes_back_as_exactly_one_report()
    {
        await using var pacs = await StoreScpProcess.StartAsync("PACS");
        using var host = await StartAsync($"--HSENet:Destinations:0:Port={pacs.Port}", "--HSENet:Destinations:0:Name=pacs", "--HSENet:Destinations:0:AeTitle=PACS", "--HSENet:Destinations:0:Host=127.0.0.1");
        var series = WriteSeries();
        await PushAsync(host, series);
        var reports = await pacs.WaitForFilesAsync(1, Deadline);
        await PushAsync(host, series);
        await Until.TrueAsync(() => _recorder.Associations == 2, Deadline, "the second association's end");
        await host.StopAsync(CancellationToken.None);

        Assert.Single(reports);
        Assert.Single(pacs.Files());
        Assert.Equal(1, _model.Calls);
        Assert.Equal(
            [
                "service.started", "instances.received", "series.closed", "job.created", "job.queued", "job.started", "job.drafted",
                "delivery.started", "delivery.stored", "instances.received", "service.stopped",
            ],
            await AuditAsync());
        Assert.Equal(
            [WorkStage.Claimed, WorkStage.Read, WorkStage.Decode, WorkStage.Report], _recorder.Stages);
    }

    [Fact]
    public async Task A_stop_waits_for_the_job_that_runs()
    {
        using var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _model.Failure = () =>
        {
            started.TrySetResult();
            gate.Wait(Deadline);
            return null;
        };
        using var host = await StartAsync();
        await PushAsync(host, WriteSeries());
        await started.Task.WaitAsync(Deadline);
        var stop = Task.Run(() => host.StopAsync(CancellationToken.None));
        await Until.TrueAsync(() => !ListeningSockets.Contains(Port(host)), Deadline, "the SCP closed");
        Assert.False(stop.IsCompleted);
        gate.Set();
        await stop.WaitAsync(Deadline);

        Assert.Equal("drafted", await _database!.ScalarAsync<string>("select state from job"));
        Assert.Equal("service.stopped", (await AuditAsync())[^1]);
    }

    [Fact]
    public async Task Without_the_wanted_free_space_a_sender_is_turned_away_for_now()
    {
        using var host = await StartAsync("--HSENet:Spool:MinimumFreeSpace=1000TiB");
        var result = await Dcmtk.StoreAsync(Port(host), "HSENET", WriteSeries());
        await host.StopAsync(CancellationToken.None);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Rejected Transient", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains("association.refused spool.short", await AuditAsync());
    }

    [Fact]
    public async Task A_second_gateway_on_the_same_data_directory_does_not_start()
    {
        using var first = await StartAsync();
        var failure = await Assert.ThrowsAsync<WorkerException>(() => StartAsync());
        await first.StopAsync(CancellationToken.None);

        Assert.Equal("spool.locked", failure.Code);
    }

    /// <summary>Another spool, or an empty folder where its disk should be mounted: whatever the rows tell of would be taken for lost.</summary>
    [Fact]
    public async Task A_gateway_with_another_spool_than_the_databases_does_not_start_until_an_operator_gives_the_old_one_up()
    {
        var other = $"--HSENet:Data:Directory={_folder.Path("other")}";
        using (var first = await StartAsync())
            await first.StopAsync(CancellationToken.None);
        var refused = await Assert.ThrowsAsync<WorkerException>(() => StartAsync(other));
        var again = await Assert.ThrowsAsync<WorkerException>(() => StartAsync(other));
        using (var same = await StartAsync())
            await same.StopAsync(CancellationToken.None);
        await _database!.ExecuteAsync("update installation set spool_id = null"); // as operations.md says
        using (var successor = await StartAsync(other))
            await successor.StopAsync(CancellationToken.None);
        var late = await Assert.ThrowsAsync<WorkerException>(() => StartAsync());

        Assert.Equal(["spool.other", "spool.other", "spool.other"], [refused.Code, again.Code, late.Code]);
        Assert.Equal(await File.ReadAllTextAsync(_folder.Path("other", "spool", "id")), await _database.ScalarAsync<string>("select spool_id from installation"));
        Assert.Contains("update installation set spool_id = null", await File.ReadAllTextAsync(Repo.Path("deploy", "docs", "operations.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_installation_from_before_spools_were_claimed_goes_on_with_its_own()
    {
        var id = Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(_folder.Path("data", "spool"));
        await File.WriteAllTextAsync(_folder.Path("data", "spool", "id"), id);
        using (var host = await StartAsync())
            await host.StopAsync(CancellationToken.None);

        Assert.Equal(id, await _database!.ScalarAsync<string>("select spool_id from installation"));
    }

    [Fact]
    public async Task Without_a_schema_nothing_starts()
    {
        _database = await TestDatabase.CreateAsync();
        using var host = Build();
        var failure = await Assert.ThrowsAsync<WorkerException>(() => host.StartAsync(CancellationToken.None));

        Assert.Equal("database.schema", failure.Code);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Dispose();
    }

    private static int Port(IHost host) => host.Services.GetRequiredService<IngestServer>().Port;

    private static async Task PushAsync(IHost host, string folder)
    {
        var result = await Dcmtk.StoreAsync(Port(host), "HSENET", folder);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private string WriteSeries()
    {
        var folder = _folder.Path("series");
        if (!Directory.Exists(folder))
            new CtSeriesBuilder().Write(folder);
        return folder;
    }

    private async Task<IHost> StartAsync(params string[] settings)
    {
        if (_database is null)
        {
            _database = await MigratedDatabase.CreateAsync();
        }

        var host = Build(settings);
        try
        {
            await host.StartAsync(CancellationToken.None);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private IHost Build(params string[] settings) => WorkerHost.Build(
        [
            $"--HSENet:Database:ConnectionString={_database!.ServiceConnectionString}",
            $"--HSENet:Data:Directory={_folder.Path("data")}",
            "--HSENet:Dicom:Port=0",
            "--HSENet:Web:Url=http://127.0.0.1:0",
            "--HSENet:Series:QuietPeriod=00:00:00.3",
            "--HSENet:Series:Coverage=record", // the series are a stretch of a chest
            "--HSENet:Spool:MinimumFreeSpace=1MiB",
            .. settings,
        ],
        services =>
        {
            services.AddLogging(l => l.ClearProviders());
            services.AddSingleton<IReportModel>(_model);
            services.AddSingleton<IWorkObserver>(_recorder);
        });

    private async Task<IReadOnlyList<string>> AuditAsync()
    {
        await using var connection = new NpgsqlConnection(_database!.OwnerConnectionString);
        return [.. await connection.QueryAsync<string>("select event || coalesce(' ' || reason, '') from audit.event order by event_id")];
    }

    private sealed class Recorder : IWorkObserver
    {
        private readonly List<WorkStage> _stages = [];
        private int _associations;

        public int Associations => Volatile.Read(ref _associations);

        public IReadOnlyList<WorkStage> Stages => _stages;

        public void AssociationClosed(AssociationSummary summary) => Interlocked.Increment(ref _associations);

        public void JobStage(Guid jobId, WorkStage stage) => _stages.Add(stage);
    }
}
