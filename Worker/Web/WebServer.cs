using HSENet.Worker.Configuration;
using HSENet.Worker.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Metrics;

namespace HSENet.Worker.Web;

/// <summary>
/// Kestrel at <c>HSENet:Web:Url</c>. It is up before anything else and down after it, so that a start that loads a large model, and a drain, can be seen from outside.
/// </summary>
internal sealed class WebServer(
    WorkerSettings settings, Readiness readiness, MeterProvider meters, WorkerGauges gauges, ILoggerFactory loggers, ILogger<WebServer> log) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly WorkerGauges _gauges = gauges;    // made with the server, so that its instruments are there before the first scrape
    private WebApplication? _application;

    /// <summary>Where it can be reached, with the port in use; null before the start and without a web.</summary>
    public Uri? Url { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!settings.Web.IsEnabled)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "hsenet-worker" });
        builder.WebHost.UseKestrelCore().UseUrls(settings.Web.Url);
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;
            o.Limits.MaxRequestBodySize = 64 << 10;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _application = builder.Build();
        Map(_application);
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            throw new WorkerException("web.listen", $"HSENet:Web:Url {settings.Web.Url}: {e.Message}", e);
        }

        Url = new Uri(_application.Urls.First());
        WebLog.Listening(log, Url);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_application is not null)
        {
            using var limit = new CancellationTokenSource(Drain);
            await _application.StopAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
            _application = null;
        }
    }

    private void Map(WebApplication application)
    {
        application.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        application.MapGet("/health/ready", async (CancellationToken cancellationToken) =>
        {
            var dependencies = await readiness.LookAsync(cancellationToken);
            var worst = dependencies.Values.Max(d => d.Level);
            var status = worst switch { DependencyLevel.Ok => "ready", DependencyLevel.Degraded => "degraded", _ => "not-ready" };
            return Results.Json(new { status, dependencies }, statusCode: worst == DependencyLevel.Down ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        });
        application.UseOpenTelemetryPrometheusScrapingEndpoint(
            meters,
            predicate: context => context.Request.Path == "/metrics",
            path: null,
            configureBranchedPipeline: branch => branch.Use(async (context, next) =>
            {
                await readiness.LookAsync(context.RequestAborted);
                await next(context);
            }),
            optionsName: null);
    }

    /// <summary>The service's own host hears the signals.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
