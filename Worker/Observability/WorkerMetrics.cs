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
    private readonly Histogram<double> _stage;

    public WorkerMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _instances = meter.CreateCounter<long>("hsenet.instances.received", "{instance}", "Instances received, by outcome.");
        _bytes = meter.CreateCounter<long>("hsenet.instances.bytes", "By", "Bytes received.");
        _series = meter.CreateCounter<long>("hsenet.series.ended", "{series}", "Series closed or refused.");
        _jobs = meter.CreateCounter<long>("hsenet.jobs.ended", "{job}", "Runs of jobs, by outcome.");
        _deliveries = meter.CreateCounter<long>("hsenet.deliveries.attempted", "{delivery}", "Delivery attempts, by destination and outcome.");
        _stage = meter.CreateHistogram<double>("hsenet.stage.duration", "s", "Time spent in one stage of a job.");
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

    public void Stage(string stage, double seconds) => _stage.Record(seconds, new KeyValuePair<string, object?>("stage", stage));
}
