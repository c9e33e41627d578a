using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Files;
using HSENet.Worker.Audit;
using HSENet.Worker.Commitment;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using HSENet.Worker.Routing;

namespace HSENet.Worker.Hosting;

/// <summary>
/// First to start, last to stop: checks the schema, loads the model (inference), makes spool and ledger agree and takes back what its
/// predecessors held (gateway). Whatever is wrong stops the start with a stable code before anything is accepted.
/// </summary>
internal sealed partial class WorkerStartup(
    WorkerSettings settings,
    Database database,
    Deployment deployment,
    JobDispatchStore jobs,
    ProcessIdentity identity,
    ILogger<WorkerStartup> log,
    IReportModel? model = null,
    ModelShelf? models = null,
    SpoolReconciler? reconciler = null,
    DeliveryStore? deliveries = null,
    RouteTable? routes = null,
    RequestStore? requests = null,
    TransactionStore? transactions = null) : IHostedService
{
    private bool _isStarted;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await SchemaVersion.CheckAsync(database, cancellationToken);
        foreach (var codec in SystemCodecs.Start(settings.Codecs.ToLimits()).Where(codec => codec.Version is null))
        {
            LogNoCodec(log, codec.Name, codec.Problem!);
        }

        if (models is not null)
        {
            await models.LoadFirstAsync(cancellationToken);
        }

        await StartGatewayAsync(cancellationToken);
        await deployment.LoadAsync(cancellationToken);
        await AuditAsync(AuditKind.ServiceStarted, cancellationToken);
        _isStarted = true;
        LogStarted(log, Deployment.Build, settings.Roles, ToolkitIdentity.Text);
        if (reconciler is not null && ToolkitIdentity.IsStandIn && !settings.Dicom.IsLoopback)
        {
            LogStandIn(log, settings.Dicom.BindAddress);
        }

        if (settings.Destinations.Count == 0 && reconciler is not null)
        {
            LogNoDestination(log);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted)
        {
            return;
        }

        LogStopping(log);
        try
        {
            await AuditAsync(AuditKind.ServiceStopped, cancellationToken);
        }
#pragma warning disable CA1031 // the service stops in any case
        catch (Exception)
#pragma warning restore CA1031
        {
            LogAuditFailed(log);
        }
    }

    private async Task StartGatewayAsync(CancellationToken cancellationToken)
    {
        if (reconciler is null || deliveries is null || routes is null || requests is null || transactions is null)
        {
            return;
        }

        await reconciler.RunAsync(cancellationToken);
        await Receivers.AllowAsync(database, settings.Destinations, cancellationToken);
        await jobs.FillDestinationsAsync([.. settings.Destinations.Select(d => d.Name)], cancellationToken);
        await jobs.TakeBackAfterRestartAsync(identity.Predecessors, isQueueLost: !settings.Queue.IsBroker, cancellationToken);
        await deliveries.TakeBackAfterRestartAsync(identity.Predecessors, cancellationToken);
        await requests.TakeBackAfterRestartAsync(identity.Predecessors, cancellationToken);
        await transactions.TakeBackAfterRestartAsync(identity.Predecessors, cancellationToken);
    }

    private async Task AuditAsync(AuditKind kind, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.WriteAsync(
            new AuditEvent(kind, AuditOutcome.Success, AuditEvent.Service)
            {
                Details = new Dictionary<string, object?>
                {
                    ["service"] = Deployment.Build,
                    ["host"] = Environment.MachineName,
                    ["roles"] = settings.Roles,
                    ["process"] = identity.LeaseOwner,
                    ["routes"] = routes?.Current.ToString(),
                    ["routes_digest"] = routes?.Current.Digest,

                    // of the model only what this process has seen: a gateway alone loads none
                    ["model"] = model?.Identity.Name,
                    ["model_version"] = model?.Identity.Version,
                    ["model_digest"] = model?.Identity.Digest,
                },
            },
            cancellationToken);
    }

    [LoggerMessage(EventIds.Started, LogLevel.Information, "HSENet {Version} starts with roles {Roles} on {Toolkit}")]
    private static partial void LogStarted(ILogger log, string version, string roles, string toolkit);

    [LoggerMessage(EventIds.StandInToolkit, LogLevel.Warning, "This build listens on {Address} with the stand-in of the DICOM toolkit, which is for development: production builds take fo-dicom (DicomToolkit=fo-dicom)")]
    private static partial void LogStandIn(ILogger log, string address);

    [LoggerMessage(EventIds.NoDestination, LogLevel.Warning, "No HSENet:Destinations are configured: reports stay in the database")]
    private static partial void LogNoDestination(ILogger log);

    [LoggerMessage(EventIds.CodecAbsent, LogLevel.Warning, "Series in {Codec} are refused: {Problem}")]
    private static partial void LogNoCodec(ILogger log, string codec, string problem);

    [LoggerMessage(EventIds.Stopping, LogLevel.Information, "HSENet has stopped")]
    private static partial void LogStopping(ILogger log);

    [LoggerMessage(EventIds.AuditWriteFailed, LogLevel.Warning, "audit.write: the stop could not be audited")]
    private static partial void LogAuditFailed(ILogger log);
}
