using HSENet.Dicom.Receiving;
using HSENet.Worker.Configuration;
using HSENet.Worker.Messaging;

namespace HSENet.Worker.Hosting;

/// <summary>
/// The composition of <c>serve</c>; <c>demo</c> runs the same in its own process. After <c>StartAsync</c> the SCP listens:
/// <c>Services.GetRequiredService&lt;IngestServer&gt;().Port</c> tells where.
/// </summary>
internal static class WorkerHost
{
    /// <summary>Covers the longest inference: a job under way is finished before the process ends.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMinutes(10);

    /// <param name="args">Settings as <c>--HSENet:Key=value</c>; they win over environment and files.</param>
    /// <param name="configure">Last word over the services: observers, logging, stand-ins for tests.</param>
    /// <param name="isIsolated">Only <paramref name="args"/> count: no file, no environment.</param>
    /// <exception cref="WorkerException"><c>configuration.invalid</c>, naming the key.</exception>
    public static IHost Build(string[] args, Action<IServiceCollection>? configure = null, bool isIsolated = false)
    {
        var contentRoot = Directory.GetCurrentDirectory();
        var source = new SettingsSource(args, contentRoot, isIsolated);
        var configuration = new ConfigurationManager();
        if (isIsolated)
        {
            configuration.AddCommandLine(args);
        }
        else
        {
            SettingsReader.AddSources(configuration, contentRoot, args);
        }

        var settings = SettingsReader.Read(configuration, contentRoot);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            ApplicationName = "hsenet-worker",
            ContentRootPath = contentRoot,
            Configuration = configuration,
        });
        builder.Services.AddSingleton(source);
        AddLogging(builder.Logging, builder.Configuration);
        builder.Services.AddOutageLogging();

        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddMetrics();

        // started in this order, stopped in the reverse one: the SCP closes first, running jobs end, then what waits for them
        var isGateway = settings.Has(WorkerRoles.Gateway);
        Compose(builder.Services.AddOutside(settings, isGateway).AddFoundation(settings), settings);
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private static void Compose(IServiceCollection services, WorkerSettings settings)
    {
        settings.TryGetRoles(out var roles);
        var isGateway = roles.HasFlag(WorkerRoles.Gateway);
        if (isGateway)
        {
            services.AddWorkCounts().AddDelivery().AddCommitment().AddSchedules();
        }

        if (roles.HasFlag(WorkerRoles.Inference))
        {
            services.AddModel();
        }

        services.AddQueue(settings.Queue, roles, ShutdownTimeout - TimeSpan.FromMinutes(1));
        if (settings.Queue.IsBroker)
        {
            services.AddBrokerWatch(roles);
        }

        _ = isGateway ? services.AddDispatch().AddSeries().AddRouteReload().AddIngest() : services.AddSpoolReading();
    }

    private static void AddLogging(ILoggingBuilder logging, ConfigurationManager configuration)
    {
        logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // one hiccup of a broker is pages of its exceptions; what matters of them is told by Worker/Messaging
        logging.AddFilter("MassTransit", LogLevel.Critical);

        // the same of Quartz: its warnings and errors only, and its jobs tell of themselves
        logging.AddFilter("Quartz", LogLevel.Warning);

        // the DICOM toolkit's own words about each connection: a caller must not fill the log with them; what matters is told, and summed
        // up, by Worker/Ingest
        logging.AddFilter(typeof(StoreScp).FullName + "Service", LogLevel.Warning);

        // a start that fails is told once, by the command, with its code
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddConfiguration(configuration.GetSection("Logging"));
    }
}
