using HSENet.Worker.Configuration;
using HSENet.Worker.Reporting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HSENet.Worker.Observability;

/// <summary>Metrics for the Prometheus page of the web server; traces to a collector, when one is configured.</summary>
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
            services.AddOpenTelemetry().WithTracing(traces => traces
                .AddSource(Tracing.SourceName, "MassTransit")
                .AddOtlpExporter(o =>
                {
                    var isHttp = options.OtlpProtocol == "http/protobuf";
                    o.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
                    o.Endpoint = isHttp ? new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/v1/traces") : new Uri(options.OtlpEndpoint);
                }));
        }

        return services;
    }
}
