using System.Diagnostics.Metrics;
using HSENet.Dicom.Codecs.Native;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Messaging;

namespace HSENet.Worker.Observability;

/// <summary>
/// What is read off at each scrape, of the parts that this process has. A part that cannot tell shows nothing, rather than a number that is not true.
/// </summary>
internal sealed class WorkerGauges
{
    public WorkerGauges(
        IMeterFactory factory,
        WorkerSettings settings,
        IFreeSpace freeSpace,
        Readiness readiness,
        WorkCountReader? counts = null,
        InstanceReceiver? receiver = null,
        Quarantine? quarantine = null,
        BrokerWatch? broker = null,
        ModelShelf? models = null)
    {
        var meter = factory.Create(WorkerMetrics.MeterName);
        meter.CreateObservableGauge("hsenet.dependency.up", readiness.Observe, "{dependency}", "1 when a dependency works, 0 when it is degraded or down.");
        AddDecoders(meter);
        if (counts is not null)
        {
            AddCounts(meter, counts);
        }

        if (receiver is not null)
        {
            meter.CreateObservableGauge("hsenet.associations.open", () => (long)receiver.OpenCount, "{association}", "Associations that are open.");
            meter.CreateObservableGauge("hsenet.spool.free", () => Free(freeSpace, settings.Data.Directory), "By", "Room left for the spool.");
            meter.CreateObservableGauge(
                "hsenet.spool.minimum", () => settings.Spool.MinimumFreeSpace.Bytes, "By", "HSENet:Spool:MinimumFreeSpace: below it nothing is accepted.");
        }

        if (quarantine is not null)
        {
            meter.CreateObservableGauge("hsenet.quarantine.files", () => (long)quarantine.Held.Count, "{file}", "Files that are kept apart.");
            meter.CreateObservableGauge("hsenet.quarantine.bytes", () => quarantine.Held.Bytes, "By", "Their bytes.");
            meter.CreateObservableGauge(
                "hsenet.quarantine.maximum", () => settings.Quarantine.MaximumSize.Bytes, "By", "HSENet:Quarantine:MaximumSize: the oldest files make way.");
        }

        if (broker is not null)
        {
            meter.CreateObservableGauge(
                "hsenet.queue.depth", () => broker.Depths.Select(q => Value(q.Value, ("queue", q.Key))), "{message}", "Messages that wait in a queue.");
        }

        if (models is not null)
        {
            meter.CreateObservableGauge("hsenet.models.loaded", () => (long)models.Loaded.Count, "{model}", "Models in memory.");
            meter.CreateObservableGauge(
                "hsenet.gpu.memory.used", () => GpuMemory.Read().Select(g => Value(g.UsedBytes, ("gpu", g.Index))), "By", "GPU memory in use, of all processes.");
            meter.CreateObservableGauge("hsenet.gpu.memory.size", () => GpuMemory.Read().Select(g => Value(g.TotalBytes, ("gpu", g.Index))), "By", "GPU memory.");
        }
    }

    private static void AddDecoders(Meter meter)
    {
        meter.CreateObservableCounter("hsenet.decoder.frames", () => SystemCodecs.Counts.Frames, "{frame}", "Frames that decoder processes decoded.");
        meter.CreateObservableCounter("hsenet.decoder.starts", () => SystemCodecs.Counts.Starts, "{process}", "Decoder processes started.");
        meter.CreateObservableCounter("hsenet.decoder.deaths", () => SystemCodecs.Counts.Deaths, "{process}", "Decoder processes that died over a frame.");
        meter.CreateObservableCounter("hsenet.decoder.timeouts", () => SystemCodecs.Counts.Timeouts, "{process}", "Decoder processes killed over a frame without an end.");
        meter.CreateObservableCounter("hsenet.decoder.refusals", () => SystemCodecs.Counts.Refusals, "{frame}", "Frames that decoder processes could not decode.");
    }

    private static void AddCounts(Meter meter, WorkCountReader counts)
    {
        meter.CreateObservableGauge(
            "hsenet.series.open", () => counts.Counts.Series.Select(s => Value(s.Count, ("state", s.State))), "{series}",
            "Series that are receiving, and those whose study waits for its best one (undecided).");
        meter.CreateObservableGauge(
            "hsenet.jobs", () => counts.Counts.Jobs.Select(s => Value(s.Count, ("state", s.State))), "{job}", "Jobs without a report, by state.");
        meter.CreateObservableGauge(
            "hsenet.jobs.oldest.age", () => counts.Counts.Jobs.Select(s => Value(s.OldestSeconds, ("state", s.State))), "s", "Age of the oldest job in a state.");
        meter.CreateObservableGauge(
            "hsenet.deliveries", () => counts.Counts.Deliveries.Select(s => Value(s.Count, ("state", s.State), ("destination", s.Destination))), "{delivery}",
            "Deliveries that have not arrived, by state and destination.");
        meter.CreateObservableGauge(
            "hsenet.deliveries.oldest.age", () => counts.Counts.Deliveries.Select(s => Value(s.OldestSeconds, ("state", s.State), ("destination", s.Destination))), "s",
            "Age of the oldest delivery that has not arrived.");
        meter.CreateObservableCounter<long>(
            "hsenet.audit.rows", () => counts.Counts.AuditRows is { } rows ? [Value(rows)] : [], "{row}", "Audit rows written so far, by all processes.");
    }

    private static Measurement<T> Value<T>(T value, params (string Key, object? Value)[] tags)
        where T : struct => new(value, tags.Select(t => KeyValuePair.Create(t.Key, t.Value)));

    private static IEnumerable<Measurement<long>> Free(IFreeSpace freeSpace, string directory)
    {
        long free;
        try
        {
            free = freeSpace.AvailableBytes(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        yield return new Measurement<long>(free);
    }
}
