using System.Diagnostics.Metrics;

namespace HSENet.Worker.Observability;

/// <summary>The service's own instruments. Seconds and bytes; tags of few values.</summary>
internal sealed class WorkerMetrics
{
    public const string MeterName = "HSENet.Worker";

    private readonly Counter<long> _instances;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _series;
    private readonly Counter<long> _jobs;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _stage;
    private readonly Histogram<double> _turnaround;

    public WorkerMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _instances = meter.CreateCounter<long>("hsenet.instances.received", "{instance}", "Instances received, by outcome.");
        _bytes = meter.CreateCounter<long>("hsenet.instances.bytes", "By", "Bytes received.");
        _series = meter.CreateCounter<long>("hsenet.series.ended", "{series}", "Series closed or refused.");
        _jobs = meter.CreateCounter<long>("hsenet.jobs.ended", "{job}", "Runs of jobs, by outcome.");
        _deliveries = meter.CreateCounter<long>("hsenet.deliveries.attempted", "{delivery}", "Delivery attempts, by destination and outcome.");
        _refusals = meter.CreateCounter<long>("hsenet.refusals", "{refusal}", "What was refused (association, instance, series, job), by reason code.");
        _turnaround = meter.CreateHistogram(
            "hsenet.report.turnaround", "s", "From the making of a job to its report at a destination.", advice: Buckets(5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 14400));
        _stage = meter.CreateHistogram(
            "hsenet.stage.duration", "s", "Time spent in one stage of a job: read, preprocess, encode, prefill, decode.",
            advice: Buckets(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600));
    }

    public void InstanceReceived(string outcome, long lengthBytes)
    {
        _instances.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _bytes.Add(lengthBytes);
    }

    public void SeriesEnded(string outcome) => _series.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void JobEnded(string outcome) => _jobs.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void DeliveryAttempted(string destination, string outcome) => _deliveries.Add(
        1, new KeyValuePair<string, object?>("destination", destination), new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="what">connection, association, message, instance, series or job.</param>
    /// <param name="reason">Stable code.</param>
    public void Refused(string what, string reason) => _refusals.Add(
        1, new KeyValuePair<string, object?>("what", what), new KeyValuePair<string, object?>("reason", reason));

    public void Delivered(string destination, double seconds) => _turnaround.Record(seconds, new KeyValuePair<string, object?>("destination", destination));

    public void Stage(string stage, double seconds) => _stage.Record(seconds, new KeyValuePair<string, object?>("stage", stage));

    private static InstrumentAdvice<double> Buckets(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
