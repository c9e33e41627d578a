using HSENet.Dicom.Commitment;
using HSENet.Dicom.Receiving;
using HSENet.Worker.Audit;
using HSENet.Worker.Checks;
using HSENet.Worker.Commitment;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Messaging;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using HSENet.Worker.Retention;
using HSENet.Worker.Routing;
using HSENet.Worker.Schedules;
using HSENet.Worker.Series;
using HSENet.Worker.Web;

namespace HSENet.Worker.Hosting;

/// <summary>One Add method for each feature.</summary>
internal static class WorkerServices
{
    public static IServiceCollection AddFoundation(this IServiceCollection services, WorkerSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new JobTiming())
        .AddSingleton(_ => new Database(settings.Database.ConnectionString))
        .AddSingleton<DicomTls>()
        .AddSingleton<Deployment>()
        .AddSingleton<WorkObservers>()
        .AddSingleton<WorkerMetrics>()
        .AddSingleton<SweepLoop>()
        .AddSingleton<KeptOutcome>()
        .AddSingleton<JobSignal>()
        .AddSingleton<DeliverySignal>()
        .AddSingleton<SeriesSignal>()
        .AddSingleton<SeriesWatch>()
        .AddSingleton<JobStore>()
        .AddSingleton<KeptReports>()
        .AddSingleton<ReportKeeper>()
        .AddSingleton<JobDispatchStore>()
        .AddSingleton<CommitmentSignal>()
        .AddHostedService<WorkerStartup>()
        .AddSingleton<DatabaseTrouble>()
        .AddHostedService<DatabaseWatch>()
        .AddHostedService<DatabaseListener>()
        .AddHostedService<AuditSealer>()
        .AddSingleton<AuditPartitions>()
        .AddHostedService(provider => provider.GetRequiredService<AuditPartitions>());

    /// <summary>Health, metrics and traces; before everything else, so that it starts first and stops last.</summary>
    public static IServiceCollection AddOutside(this IServiceCollection services, WorkerSettings settings, bool isGateway)
    {
        services.AddTelemetry(settings.Telemetry).AddSingleton<Readiness>().AddSingleton<WorkerGauges>().AddSingleton<WebServer>()
            .AddHostedService(provider => provider.GetRequiredService<WebServer>());
        if (isGateway)
        {
            services.AddSingleton<WorkCountReader>();
        }

        return services;
    }

    /// <summary>Counts rows for the metrics, once the schema was found right.</summary>
    public static IServiceCollection AddWorkCounts(this IServiceCollection services) => services
        .AddHostedService(provider => provider.GetRequiredService<WorkCountReader>());

    public static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<IFreeSpace, DriveFreeSpace>()
        .AddSingleton<SpoolStore>()
        .AddSingleton<ProcessIdentity>()
        .AddSingleton(new SpoolHoldTiming())
        .AddSingleton<SpoolHold>()
        .AddSingleton<SpoolClaim>()
        .AddHostedService<SpoolWatch>()
        .AddSingleton<SpoolReconciler>()
        .AddSingleton<InstanceLedger>()
        .AddSingleton<HeaderLedger>()
        .AddSingleton<QuarantineStore>()
        .AddSingleton<Quarantine>()
        .AddSingleton<InstanceMeeting>()
        .AddSingleton<UnfinishedStore>()
        .AddSingleton<InstanceStore>()
        .AddSingleton<AssociationStore>()
        .AddSingleton<EndedAssociations>()
        .AddHostedService(provider => provider.GetRequiredService<EndedAssociations>())
        .AddSingleton<SourcePolicy>()
        .AddSingleton<InstanceReceiver>()
        .AddSingleton<IInstanceReceiver>(provider => provider.GetRequiredService<InstanceReceiver>())
        .AddSingleton<RefusalWatch>()
        .AddHostedService(provider => provider.GetRequiredService<RefusalWatch>())
        .AddSingleton<IngestServer>()
        .AddHostedService(provider => provider.GetRequiredService<IngestServer>());

    public static IServiceCollection AddSeries(this IServiceCollection services) => services
        .AddSingleton<ISeriesReader, VolumeSeriesReader>()
        .AddSingleton<SeriesStore>()
        .AddSingleton<RouteTable>()
        .AddSingleton<CandidateStore>()
        .AddHostedService<SeriesAssembler>();

    public static IServiceCollection AddRouteReload(this IServiceCollection services) => services
        .AddHostedService<RouteReload>();

    /// <summary>Both halves of the work in one process, over memory.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services, TimeSpan drain) => services
        .AddModel()
        .AddQueue(new QueueOptions(), WorkerRoles.All, drain)
        .AddDispatch();

    /// <summary>The model and what runs it. Of the spool it needs no more than the files that are in place.</summary>
    public static IServiceCollection AddModel(this IServiceCollection services) => services
        .AddSingleton<ModelOpener>(provider => directory =>
            new ModelHost(directory, provider.GetRequiredService<WorkerSettings>().Model, provider.GetRequiredService<ILogger<ModelHost>>()))
        .AddSingleton(provider => provider.GetRequiredService<ModelOpener>()(provider.GetRequiredService<WorkerSettings>().Model.Directory))
        .AddSingleton<ModelShelf>()
        .AddSingleton<IGpuMemory, NvidiaGpuMemory>()
        .AddSingleton<GpuAdmission>()
        .AddSingleton<ReportPipeline>()
        .AddSingleton<JobRunner>();

    /// <summary>What the inference role reads where no gateway runs in the process: no lock, no index, no listener.</summary>
    public static IServiceCollection AddSpoolReading(this IServiceCollection services) => services
        .AddSingleton<IFreeSpace, DriveFreeSpace>()
        .AddSingleton<SpoolStore>()
        .AddSingleton<ProcessIdentity>()
        .AddSingleton<ISeriesReader, VolumeSeriesReader>()
        .AddSingleton<SeriesStore>();

    /// <summary>Calendar work, of which every gateway has a share.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services
        .AddSingleton(new ScheduleTiming())
        .AddSingleton<RetentionStore>()
        .AddSingleton<SpoolRetention>()
        .AddSingleton<DeploymentCheck>()
        .AddSingleton<ScheduledCheck>()
        .AddSingleton<Calendar>()
        .AddHostedService(provider => provider.GetRequiredService<Calendar>());

    /// <summary>From the job table to the queue: the gateway's part.</summary>
    public static IServiceCollection AddDispatch(this IServiceCollection services) => services
        .AddSingleton<LostMessages>()
        .AddHostedService<JobDispatcher>();

    public static IServiceCollection AddDelivery(this IServiceCollection services) => services
        .AddSingleton<DestinationNodes>()
        .AddSingleton<DestinationPauses>()
        .AddSingleton<NegotiatedClasses>()
        .AddSingleton<IReportSender, StoreScuSender>()
        .AddSingleton<DeliveryStore>()
        .AddHostedService<ReportCopies>()
        .AddHostedService<DeliveryService>();

    public static IServiceCollection AddCommitment(this IServiceCollection services) => services
        .AddSingleton(new CommitmentTiming())
        .AddSingleton<RequestStore>()
        .AddSingleton<TransactionStore>()
        .AddSingleton<RequesterDirectory>()
        .AddSingleton<SpoolVerifier>()
        .AddSingleton<ICommitmentReceiver, CommitmentReceiver>()
        .AddSingleton<ICommitmentCaller, CommitmentCaller>()
        .AddSingleton<ClockGuard>()
        .AddHostedService(provider => provider.GetRequiredService<ClockGuard>())
        .AddHostedService<AskService>()
        .AddHostedService<ReportService>();
}
