using System.Diagnostics.Metrics;
using Dapper;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Messaging;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Observability;

/// <summary>
/// How each thing is that this process depends on. A gateway is ready when it can take images in: a broker that is away only makes jobs wait in the database. An inference
/// process is ready when a model is loaded and the database answers.
/// </summary>
internal sealed class Readiness(
    WorkerSettings settings,
    Database database,
    IFreeSpace freeSpace,
    TimeProvider time,
    IHostApplicationLifetime? lifetime = null,
    IngestServer? ingest = null,
    BrokerWatch? broker = null,
    ModelShelf? models = null,
    GpuAdmission? gpu = null) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>However often it is asked, the database is asked no more often than that.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly bool _isGateway = settings.Has(WorkerRoles.Gateway);
    private volatile Look? _last;

    /// <summary>Each dependency by its name, in a fixed order.</summary>
    public async Task<IReadOnlyDictionary<string, DependencyState>> LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || time.GetElapsedTime(last.At) >= KeepFor)
            {
                last = new Look(time.GetTimestamp(), await TakeAsync(cancellationToken));
                _last = last;
            }

            return last.States;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>For the gauge: what the last look saw; the web server looks before each scrape.</summary>
    public IEnumerable<Measurement<long>> Observe() =>
        (_last?.States ?? new Dictionary<string, DependencyState>()).Select(d =>
            new Measurement<long>(d.Value.Level == DependencyLevel.Ok ? 1 : 0, KeyValuePair.Create<string, object?>("dependency", d.Key)));

    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyDictionary<string, DependencyState>> TakeAsync(CancellationToken cancellationToken)
    {
        var states = new Dictionary<string, DependencyState>
        {
            ["service"] = Service(),
            ["database"] = await DatabaseAsync(cancellationToken),
            ["broker"] = Broker(),
        };
        if (_isGateway)
        {
            states["spool"] = Spool();
            states["destinations"] = states["database"].Level == DependencyLevel.Ok ? await DestinationsAsync(cancellationToken) : DependencyState.Ok;
            states["scp"] = ingest is { IsListening: true } ? DependencyState.Ok : new(DependencyLevel.Down, "dicom.listen");
        }

        if (models is not null)
        {
            states["model"] = Model(models);
        }

        if (gpu?.State() is { } room)
        {
            states["gpu"] = room;
        }

        return states;
    }

    private DependencyState Service() => lifetime switch
    {
        null => DependencyState.Ok,
        { ApplicationStopping.IsCancellationRequested: true } => new(DependencyLevel.Down, "service.stopping"),
        { ApplicationStarted.IsCancellationRequested: false } => new(DependencyLevel.Down, "service.starting"),
        _ => DependencyState.Ok,
    };

    private async Task<DependencyState> DatabaseAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = await database.OpenAsync(limit.Token);
            await connection.ExecuteAsync(new CommandDefinition("select 1", cancellationToken: limit.Token));
            return DependencyState.Ok;
        }
        catch (Exception e) when (e is NpgsqlException or System.Net.Sockets.SocketException or IOException or TimeoutException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(DependencyLevel.Down, "database.unreachable", (e as PostgresException)?.SqlState);
        }
    }

    /// <summary>One to which a report failed for good gets no others until somebody looks at it.</summary>
    private async Task<DependencyState> DestinationsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            var stopped = await DestinationStop.NamesAsync(connection, cancellationToken);
            return stopped.Count == 0 ? DependencyState.Ok : new(DependencyLevel.Degraded, "delivery.stopped", string.Join(", ", stopped));
        }
        catch (Exception e) when (DatabaseAway.Is(e) || e is PostgresException)
        {
            return DependencyState.Ok; // the database's own line tells
        }
    }

    private DependencyState Broker() => broker switch
    {
        null => new(DependencyLevel.Ok, Detail: "in memory"),
        { Trouble: { } trouble } => new(DependencyLevel.Degraded, trouble.Code, OperatorText.Clean(trouble.Detail)),
        _ => DependencyState.Ok,
    };

    private DependencyState Spool()
    {
        try
        {
            var free = freeSpace.AvailableBytes(settings.Data.Directory);
            var numbers = $"{free >> 20} MiB free, {settings.Spool.MinimumFreeSpace.Bytes >> 20} MiB wanted";
            return free >= settings.Spool.MinimumFreeSpace.Bytes ? new(DependencyLevel.Ok, Detail: numbers) : new(DependencyLevel.Down, "spool.short", numbers);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(DependencyLevel.Down, "spool.directory");
        }
    }

    private static DependencyState Model(ModelShelf models)
    {
        var loaded = models.Loaded.Count == 0 ? "none loaded" : string.Join(", ", models.Loaded) + " loaded";
        return models switch
        {
            { Trouble: { } trouble } => new(models.Loaded.Count == 0 ? DependencyLevel.Down : DependencyLevel.Degraded, trouble, loaded),
            { Loaded.Count: 0, IsLoading: true } => new(DependencyLevel.Degraded, "model.loading", loaded),
            { Loaded.Count: 0 } => new(DependencyLevel.Down, "model.none", loaded),
            _ => new(DependencyLevel.Ok, Detail: loaded),
        };
    }

    private sealed record Look(long At, IReadOnlyDictionary<string, DependencyState> States);
}
