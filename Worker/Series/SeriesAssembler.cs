using System.Diagnostics;
using HSENet.Dicom.Identity;
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
    SeriesWatch watch,
    SpoolStore spool,
    ISeriesReader reader,
    RouteTable routes,
    CandidateStore candidates,
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
        foreach (var (series, evidence) in watch.Look(await ReceivingAsync(cancellationToken)))
        {
            var completion = CompletionPolicy.Decide(evidence, settings.Series);
            if (completion.Kind == CompletionKind.Wait)
            {
                continue;
            }

            try
            {
                await EndAsync(series, completion, evidence.SinceSlice >= settings.Series.Deadline, cancellationToken);
            }
#pragma warning disable CA1031 // one series that cannot be ended must not keep the others waiting
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                SeriesLog.EndFailed(log, e, series.SeriesKey);
            }
        }

        foreach (var (jobId, seriesKey) in await candidates.DecideAsync(cancellationToken))
        {
            RoutingLog.JobCreated(log, jobId, seriesKey);
            jobSignal.Signal.Pulse();
        }

        return false;
    }

    private async Task<IReadOnlyList<ReceivingSeries>> ReceivingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReceivingAsync(cancellationToken);
        }
        catch
        {
            watch.Forget();
            throw;
        }
    }

    /// <summary>
    /// Images that were reported and deleted may come again compressed without loss, from an archive: there is no file to compare
    /// them with, but decoded they have the digests that the report was made of.
    /// </summary>
    /// <returns>The content that was reported, where it is that; else what it is.</returns>
    private async Task<string> AsReportedAsync(
        ReceivingSeries series, IReadOnlyList<SeriesInstance> instances, string contentHash, CancellationToken cancellationToken)
    {
        var gone = await store.GoneContentsAsync(series, contentHash, cancellationToken);
        if (gone.Count == 0)
        {
            return contentHash;
        }

        var renamed = new List<SeriesInstance>();
        foreach (var instance in instances)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (InstanceMeaning.FromBytes(instance.Meaning) is { } meaning
                && DecodedPixels.NativeDigest(spool.PathOf(series.SeriesKey, instance.InstanceKey)) is { } digest)
            {
                renamed.Add(instance with { Meaning = meaning.WithPixels(digest).ToBytes() });
            }
        }

        var others = instances.ExceptBy(renamed.Select(i => i.InstanceKey), i => i.InstanceKey);
        var decoded = SeriesInstance.ContentHash([.. others, .. renamed]);
        if (!gone.Contains(decoded))
        {
            return contentHash;
        }

        await store.RenameAsync(renamed, cancellationToken);
        return decoded;
    }

    private async Task EndAsync(ReceivingSeries series, Completion completion, bool isOverdue, CancellationToken cancellationToken)
    {
        using var activity = Tracing.Start("hsenet.assemble", series.TraceContext);
        activity?.SetTag("hsenet.series", series.SeriesKey).SetTag("hsenet.instances", series.InstanceCount);
        var instances = await store.InstancesAsync(series.SeriesKey, series.Revision, cancellationToken);
        var contentHash = SeriesInstance.ContentHash(instances);
        if (Judge(series, instances, cancellationToken) is not { } judged)
        {
            // a spool that answers, and has lost files: the deadline ends the wait for whoever sends them again, who opens the series once more
            if (isOverdue && instances.Any(i => spool.IsMissing(series.SeriesKey, i.InstanceKey)))
            {
                await RefuseLostAsync(series, instances, contentHash, completion, activity, cancellationToken);
            }

            return;
        }

        // what the files say counts against a series only while they are what was received
        if (judged.Verdict is GeometryVerdict.Refused && Fault(series, instances, cancellationToken) is not null)
        {
            if (isOverdue)
            {
                await RefuseLostAsync(series, instances, contentHash, completion, activity, cancellationToken);
            }

            return;
        }

        var (verdict, matching, isSharp) = judged;
        if (verdict is GeometryVerdict.Refused refused)
        {
            await RefuseAsync(series, contentHash, completion, refused.Reason.Code(), OperatorText.Clean(refused.Detail), activity, cancellationToken);
            return;
        }

        var former = await store.FormerAsync(series.SeriesKey, cancellationToken);
        if (former.All > (settings.Ingest.TakesFormerHeader ? former.Own : 0))
        {
            var detail = $"{former.All} of {series.InstanceCount} instances came again as they were before they were corrected; "
                + "the corrected ones are deleted";
            await RefuseAsync(series, contentHash, completion, SeriesStore.FormerCode, detail, activity, cancellationToken);
            return;
        }

        contentHash = await AsReportedAsync(series, instances, contentHash, cancellationToken);
        var usable = (GeometryVerdict.Usable)verdict;
        var rank = new SeriesRank(completion.IsPartial, isSharp, usable.SpacingMm, usable.SliceCount);
        var jobs = await store.TryCloseAsync(
            series, contentHash, completion, rank, matching, [.. usable.Notes.Select(n => n.Code)], usable.AccessionNumber, activity?.Id ?? series.TraceContext,
            cancellationToken);
        if (jobs is not null)
        {
            foreach (var note in usable.Notes)
            {
                SeriesLog.Noted(log, series.SeriesKey, note.Code, note.Detail);
            }

            var completeness = SeriesStore.Completeness(completion.IsPartial);
            SeriesLog.Closed(log, series.SeriesKey, completeness, series.InstanceCount, (series.Now - series.OpenedAt).TotalSeconds);
            foreach (var jobId in jobs)
            {
                RoutingLog.JobCreated(log, jobId, series.SeriesKey);
            }

            if (matching.Count == 0)
            {
                RoutingLog.Unrouted(log, series.SeriesKey);
            }

            jobSignal.Signal.Pulse();
            Tell(new SeriesEnd(series.SeriesKey, series.SeriesUid, "closed", completeness, series.InstanceCount, null, null, jobs));
        }
    }

    private async Task RefuseLostAsync(
        ReceivingSeries series, IReadOnlyList<SeriesInstance> instances, string contentHash, Completion completion, Activity? activity, CancellationToken cancellationToken)
    {
        if (Fault(series, instances, cancellationToken) is var (code, detail))
        {
            var overdue = Completion.Partial(Completion.ByDeadline, completion.Reason ?? code);
            await RefuseAsync(series, contentHash, overdue, code, detail, activity, cancellationToken);
        }
    }

    private (string Code, string Detail)? Fault(ReceivingSeries series, IReadOnlyList<SeriesInstance> instances, CancellationToken cancellationToken) =>
        SpoolFile.Fault(instances, i => spool.PathOf(series.SeriesKey, i.InstanceKey), cancellationToken);

    private async Task RefuseAsync(
        ReceivingSeries series, string contentHash, Completion completion, string code, string detail, Activity? activity, CancellationToken cancellationToken)
    {
        if (await store.TryRefuseAsync(series, contentHash, completion, code, detail, cancellationToken))
        {
            activity.Fail(code);
            SeriesLog.Refused(log, series.SeriesKey, code, series.InstanceCount);
            Tell(new SeriesEnd(series.SeriesKey, series.SeriesUid, "refused", SeriesStore.Completeness(completion.IsPartial), series.InstanceCount, code, detail, []));
        }
    }

    /// <returns>Null: could not be judged now, try again at the next sweep.</returns>
    private Judgement? Judge(ReceivingSeries series, IReadOnlyList<SeriesInstance> instances, CancellationToken cancellationToken)
    {
        var key = (series.SeriesKey, series.Revision);
        try
        {
            var verdict = reader.Judge([.. instances.Select(i => spool.PathOf(series.SeriesKey, i.InstanceKey))], cancellationToken);
            var judged = verdict is GeometryVerdict.Usable ? Route(series, instances, verdict) : new Judgement(verdict, [], IsSharp: false);
            _judgeFailures.Remove(key);
            return judged;
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
            return new(new GeometryVerdict.Refused(RefusalReason.UnreadableInstance, $"headers could not be read: {e.GetType().Name}"), [], IsSharp: false);
        }
    }

    /// <summary>One instance stands for the series: whichever comes first by its UID, so that it is the same whatever came when.</summary>
    private Judgement Route(ReceivingSeries series, IReadOnlyList<SeriesInstance> instances, GeometryVerdict verdict)
    {
        var first = instances.MinBy(i => i.SopInstanceUid, StringComparer.Ordinal)!;
        var attributes = reader.Attributes(spool.PathOf(series.SeriesKey, first.InstanceKey));
        return new(verdict, routes.Match(attributes), SeriesRank.IsSharpKernel(attributes.Values("ConvolutionKernel")));
    }

    private void Tell(SeriesEnd end)
    {
        metrics.SeriesEnded(end.State);
        if (end.RefusalCode is { } reason)
        {
            metrics.Refused("series", reason);
        }

        observers.Tell(o => o.SeriesEnded(end));
    }

    private sealed record Judgement(GeometryVerdict Verdict, IReadOnlyList<Route> Routes, bool IsSharp);
}
