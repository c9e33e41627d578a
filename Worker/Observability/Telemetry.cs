using HSENet.Worker.Configuration;
using HSENet.Worker.Reporting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HSENet.Worker.Observability;

/// <summary>Metrics for the Prometheus page of the web server; metrics and traces to a collector, when one is configured.</summary>
internal static class Telemetry
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService("hsenet-worker", serviceVersion: Deployment.ServiceVersion))
            .WithMetrics(metrics => metrics
                .AddMeter(WorkerMetrics.MeterName, "MassTransit", "Npgsql")
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (!string.IsNullOrWhiteSpace(options.OtlpEndpoint))
        {
            services.AddHostedService<ReadinessWatch>().AddOpenTelemetry()
                .WithMetrics(metrics => metrics.AddOtlpExporter(exporter => Address(exporter, options, "metrics")))
                .WithTracing(traces => traces
                    .AddSource(Tracing.SourceName, "MassTransit")
                    .AddOtlpExporter(exporter => Address(exporter, options, "traces")));
        }

        return services;
    }

    /// <summary>Over HTTP each signal has a path of its own (OTLP specification, "OTLP/HTTP Request").</summary>
    private static void Address(OtlpExporterOptions exporter, TelemetryOptions options, string signal)
    {
        var isHttp = options.OtlpProtocol == "http/protobuf";
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? new Uri($"{options.OtlpEndpoint!.TrimEnd('/')}/v1/{signal}") : new Uri(options.OtlpEndpoint!);
    }
}
