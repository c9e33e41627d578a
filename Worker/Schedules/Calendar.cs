using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Retention;
using Npgsql;
using Quartz;

namespace HSENet.Worker.Schedules;

/// <summary>
/// Calendar work on Quartz's clustered store in the service's database, in UTC. A schedule fires once, on one of the gateways; what was missed while none ran
/// is made up for once. What concerns a gateway's own spool and network is a schedule of that spool, which no other gateway touches.
/// </summary>
internal sealed partial class Calendar(
    WorkerSettings settings,
    SpoolStore spool,
    ScheduleTiming timing,
    AuditPartitions partitions,
    SpoolRetention retention,
    Quarantine quarantine,
    ScheduledCheck check,
    ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    public const string SchedulerName = "hsenet";

    /// <summary>Group of the schedules that any gateway may run.</summary>
    public const string AnyGateway = "any";

    private const string TablePrefix = "quartz.qrtz_";
    private const string Ungrouped = "_";
    private static readonly TimeSpan HistoryKept = TimeSpan.FromDays(30);

    private StandaloneSchedulerFactory? _factory;

    /// <summary>After the start.</summary>
    public IScheduler? Scheduler { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _factory = QuartzSchedulerBuilder.Create(Configure).Build();
        Scheduler = await _factory.GetScheduler(cancellationToken);
        await Scheduler.Start(cancellationToken);
        LogStarted(logs.CreateLogger<Calendar>(), await Scheduler.GetSchedulerInstanceId(cancellationToken));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Scheduler is { } scheduler)
        {
            Scheduler = null;
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is { } factory)
        {
            _factory = null;
            await factory.DisposeAsync();
        }
    }

    private void Configure(IQuartzBuilder quartz)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.Database.ConnectionString) { ApplicationName = "hsenet-schedules", IncludeErrorDetail = false };
        quartz.Services.AddSingleton(logs).AddSingleton(partitions).AddSingleton(retention).AddSingleton(quarantine).AddSingleton(check);
        quartz.Services.AddQuartzExecutionHistory(history => history.Retention = HistoryKept);
        quartz.ConfigureScheduler(scheduler =>
        {
            scheduler.InstanceName = SchedulerName;
            scheduler.InstanceId = $"{spool.HostId}/{Environment.ProcessId}";
            scheduler.IdleWaitTime = timing.IdleWait;
            scheduler.DefaultTimeZone = TimeZoneInfo.Utc;
            scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            scheduler.ServedExecutionGroups.Add(Ungrouped);
            scheduler.ServedExecutionGroups.Add(spool.HostId);
        });
        quartz.ConfigureOptions<QuartzOptions>(options => options.Scheduling.ScheduleTriggerRelativeToReplacedTrigger = true);
        quartz.UseDefaultThreadPool(maxConcurrency: 3);
        quartz.UsePersistentStore(store => store
            .UsePostgres(NpgsqlFactory.Instance, connection.ConnectionString)
            .UseExecutionHistory()
            .UseClustering(cluster =>
            {
                cluster.CheckinInterval = timing.CheckinInterval;
                cluster.CheckinMisfireThreshold = timing.CheckinThreshold;
            })
            .ConfigureStore(options =>
            {
                options.TablePrefix = TablePrefix;
                options.MisfireThreshold = timing.MisfireThreshold;
                options.SchemaProvisioning = SchemaProvisioning.Validate;
            }));

        Add<AuditPartitionsJob>(quartz, "audit-partitions", AnyGateway, "0 5 1 * * ?");
        Add<SpoolRetentionJob>(quartz, "spool-retention", spool.HostId, "0 15 * * * ?");
        Add<CheckJob>(quartz, "check", spool.HostId, "0 7/15 * * * ?");
    }

    private static void Add<TJob>(IQuartzBuilder quartz, string name, string group, string cron)
        where TJob : class, IJob => quartz.ScheduleJob<TJob>(
        trigger =>
        {
            trigger.WithIdentity(name, group)
                .WithSchedule(CronScheduleBuilder.Create(cron).InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed));
            if (group != AnyGateway)
            {
                trigger.WithExecutionGroup(group);
            }
        },
        job => job.WithIdentity(name, group).DisallowConcurrentExecution(true).RequestRecovery(true));

    [LoggerMessage(EventIds.SchedulesStarted, LogLevel.Information, "Schedules run as {Instance}")]
    private static partial void LogStarted(ILogger log, string instance);
}
