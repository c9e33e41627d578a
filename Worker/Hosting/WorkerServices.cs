using HSENet.Dicom.Commitment;
using HSENet.Dicom.Receiving;
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
using HSENet.Worker.Series;
using MassTransit;

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
        .AddSingleton<JobSignal>()
        .AddSingleton<DeliverySignal>()
        .AddSingleton<SeriesSignal>()
        .AddSingleton<CommitmentSignal>()
        .AddSingleton(new CommitmentTiming())
        .AddSingleton<RequestStore>()
        .AddSingleton<TransactionStore>()
        .AddHostedService<WorkerStartup>()
        .AddHostedService<DatabaseListener>()
        .AddHostedService<AuditPartitions>();

    public static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<IFreeSpace, DriveFreeSpace>()
        .AddSingleton<SpoolStore>()
        .AddSingleton<ProcessIdentity>()
        .AddSingleton<SpoolReconciler>()
        .AddSingleton<InstanceLedger>()
        .AddSingleton<InstanceStore>()
        .AddSingleton<AssociationStore>()
        .AddSingleton<SourcePolicy>()
        .AddSingleton<IInstanceReceiver, InstanceReceiver>()
        .AddSingleton<HandshakeWatch>()
        .AddHostedService(provider => provider.GetRequiredService<HandshakeWatch>())
        .AddSingleton<IngestServer>()
        .AddHostedService(provider => provider.GetRequiredService<IngestServer>());

    public static IServiceCollection AddSeries(this IServiceCollection services) => services
        .AddSingleton<ISeriesReader, VolumeSeriesReader>()
        .AddSingleton<SeriesStore>()
        .AddSingleton<RouteTable>()
        .AddHostedService<SeriesAssembler>();

    public static IServiceCollection AddInference(this IServiceCollection services, TimeSpan drain) => services
        .AddSingleton<IReportModel, ModelHost>()
        .AddSingleton<ReportPipeline>()
        .AddSingleton<JobStore>()
        .AddSingleton<JobDispatchStore>()
        .AddSingleton<JobRunner>()
        .AddSingleton<IJobQueue, MassTransitJobQueue>()
        .AddQueue(drain)
        .AddHostedService<JobDispatcher>();

    public static IServiceCollection AddDelivery(this IServiceCollection services) => services
        .AddSingleton<DestinationNodes>()
        .AddSingleton<IReportSender, StoreScuSender>()
        .AddSingleton<DeliveryStore>()
        .AddHostedService<DeliveryService>();

    public static IServiceCollection AddCommitment(this IServiceCollection services) => services
        .AddSingleton<RequesterDirectory>()
        .AddSingleton<SpoolVerifier>()
        .AddSingleton<ICommitmentReceiver, CommitmentReceiver>()
        .AddSingleton<ICommitmentCaller, CommitmentCaller>()
        .AddHostedService<AskService>()
        .AddHostedService<ReportService>();

    private static IServiceCollection AddQueue(this IServiceCollection services, TimeSpan drain)
    {
        services.Configure<MassTransitHostOptions>(o =>
        {
            o.WaitUntilStarted = true;
            o.StartTimeout = TimeSpan.FromSeconds(30);
            o.StopTimeout = drain;
            o.ConsumerStopTimeout = drain;
        });
        return services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();      // a hospital's service calls nobody
            x.AddConsumer<RunJobConsumer>();
            x.UsingInMemory((context, bus) => bus.ReceiveEndpoint(MassTransitJobQueue.QueueName, endpoint =>
            {
                endpoint.PrefetchCount = 1;
                endpoint.ConcurrentMessageLimit = 1;
                endpoint.ConfigureConsumer<RunJobConsumer>(context);
            }));
        });
    }
}
