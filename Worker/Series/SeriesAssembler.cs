using HSENet.Dicom.Series;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;
using HSENet.Worker.Routing;

namespace HSENet.Worker.Series;

/// <summary>Closes series that are complete (every second, and when an association ends), judges their headers and makes their jobs.</summary>
internal sealed class SeriesAssembler(
    WorkerSettings settings,
    SeriesStore store,
    SpoolStore spool,
    ISeriesReader reader,
    RouteTable routes,
    SeriesSignal signal,
    JobSignal jobSignal,
    SweepLoop loop,
    WorkObservers observers,
    WorkerMetrics metrics,
    ILogger<SeriesAssembler> log) : BackgroundService
{
    private const int MaximumJudgeFailures = 5;
    private const int FailuresPerLog = 60;

    private readonly Dictionary<(Guid SeriesKey, int Revision), int> _judgeFailures = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("series", signal.Signal, SweepAsync, stoppingToken);

    /// <summary>One look at every receiving series.</summary>
    internal async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var series in await store.ReceivingAsync(cancellationToken))
        {
            var completion = CompletionPolicy.Decide(series.Evidence, settings.Series);
            if (completion == Completion.Wait)
            {
                continue;
            }

            try
            {
                await EndAsync(series, completion == Completion.Partial, cancellationToken);
            }
#pragma warning disable CA1031 // one series that cannot be ended must not keep the others waiting
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                SeriesLog.EndFailed(log, e, series.SeriesKey);
            }
        }

        return false;
    }

    private async Task EndAsync(ReceivingSeries series, bool isPartial, CancellationToken cancellationToken)
    {
        var instances = await store.InstancesAsync(series.SeriesKey, series.Revision, cancellationToken);
        var contentHash = SeriesInstance.ContentHash(instances);
        if (Judge(series, [.. instances.Select(i => spool.PathOf(series.SeriesKey, i.InstanceKey))], cancellationToken) is not { } verdict)
        {
            return;
        }

        var completeness = isPartial ? "partial" : "complete";
        if (verdict is GeometryVerdict.Refused refused)
        {
            var code = refused.Reason.Code();
            if (await store.TryRefuseAsync(series, contentHash, isPartial, code, OperatorText.Clean(refused.Detail), cancellationToken))
            {
                SeriesLog.Refused(log, series.SeriesKey, code, series.InstanceCount);
                Tell(new SeriesEnd(series.SeriesKey, series.SeriesUid, "refused", completeness, series.InstanceCount, code, OperatorText.Clean(refused.Detail), []));
            }

            return;
        }

        var jobs = await store.TryCloseAsync(series, contentHash, isPartial, routes.Match(), cancellationToken);
        if (jobs is not null)
        {
            SeriesLog.Closed(log, series.SeriesKey, completeness, series.InstanceCount, (series.Now - series.OpenedAt).TotalSeconds);
            foreach (var jobId in jobs)
            {
                RoutingLog.JobCreated(log, jobId, series.SeriesKey);
            }

            jobSignal.Signal.Pulse();
            Tell(new SeriesEnd(series.SeriesKey, series.SeriesUid, "closed", completeness, series.InstanceCount, null, null, jobs));
        }
    }

    /// <returns>Null: could not be judged now, try again at the next sweep.</returns>
    private GeometryVerdict? Judge(ReceivingSeries series, List<string> files, CancellationToken cancellationToken)
    {
        var key = (series.SeriesKey, series.Revision);
        try
        {
            var verdict = reader.Judge(files, cancellationToken);
            _judgeFailures.Remove(key);
            return verdict;
        }
#pragma warning disable CA1031 // one series that cannot be judged must not keep the others waiting, and must not wait for ever itself
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            var failures = _judgeFailures[key] = _judgeFailures.GetValueOrDefault(key) + 1;
            if (failures == 1 || failures % FailuresPerLog == 0)
            {
                SeriesLog.JudgeFailed(log, series.SeriesKey, e.GetType().Name, failures);
            }

            // trouble of the storage says nothing about the series: it is looked at again until it passes
            if (failures < MaximumJudgeFailures || e is IOException or UnauthorizedAccessException)
            {
                return null;
            }

            _judgeFailures.Remove(key);
            return new GeometryVerdict.Refused(RefusalReason.UnreadableInstance, $"headers could not be read: {e.GetType().Name}");
        }
    }

    private void Tell(SeriesEnd end)
    {
        metrics.SeriesEnded(end.State);
        observers.Tell(o => o.SeriesEnded(end));
    }
}
