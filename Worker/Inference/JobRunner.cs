using System.Diagnostics;
using HSENet.Dicom;
using HSENet.Model;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Inference;

/// <summary>Claims a job, works, and commits once. Running it twice, or in two places, is harmless: the claim and its fence decide.</summary>
internal sealed class JobRunner(
    JobStore store,
    ReportPipeline pipeline,
    JobTiming timing,
    ProcessIdentity identity,
    HostDrain drain,
    DeliverySignal deliverySignal,
    KeptOutcome kept,
    WorkObservers observers,
    WorkerMetrics metrics,
    TimeProvider time,
    ILogger<JobRunner> log)
{
    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(Guid jobId, CancellationToken cancellationToken)
    {
        try
        {
            var claim = await ClaimAsync(jobId, cancellationToken);
            if (claim is null)
            {
                InferenceLog.Dropped(log, jobId);
                return;
            }

            InferenceLog.Claimed(log, jobId, claim.Attempt);
            observers.Tell(o => o.JobStage(jobId, WorkStage.Claimed));
            await WorkAsync(claim, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || drain.Stopping.IsCancellationRequested)
        {
            // nothing was claimed
        }
#pragma warning disable CA1031 // the row could not be changed; the sweep takes the job back, a message error would only lose it
        catch (Exception e)
#pragma warning restore CA1031
        {
            InferenceLog.RunFailed(log, e, jobId);
        }
    }

    /// <summary>While the database is away the message is held: dropping it would leave the job waiting for long after the database is back.</summary>
    private async Task<JobClaim?> ClaimAsync(Guid jobId, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Stopping);
        for (var isTold = false; ; isTold = true)
        {
            try
            {
                return await store.TryClaimAsync(jobId, identity.LeaseOwner, cancellationToken);
            }
            catch (Exception e) when (DatabaseAway.Is(e))
            {
                if (!isTold)
                {
                    InferenceLog.ClaimDelayed(log, DatabaseOutage.Is(e) ? e : null, jobId, e.GetType().Name);
                }

                await Task.Delay(DatabasePause, time, stop.Token);
            }
        }
    }

    private async Task WorkAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        await using var lease = new LeaseKeeper(store, claim, timing, time, log);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        using var span = Tracing.Start("hsenet.job", ParentOf(claim), ActivityKind.Consumer);
        span?.SetTag("hsenet.job", claim.JobId).SetTag("hsenet.route", claim.Route).SetTag("hsenet.model", claim.Model).SetTag("hsenet.attempt", claim.Attempt);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var result = await pipeline.RunAsync(claim, stage => observers.Tell(o => o.JobStage(claim.JobId, stage)), stop.Token);
            await CommitAsync(claim, result, Stopwatch.GetElapsedTime(started), cancellationToken);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
        {
            InferenceLog.LeaseLost(log, claim.JobId);
            metrics.JobEnded("lost");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await store.TryReleaseAsync(claim, CancellationToken.None);
        }
        catch (Exception e) when (DatabaseAway.Is(e))
        {
            // no attempt of the job's: it could not be read, or its outcome could not be written before the host went away
            await kept.WriteAsync("return of job", claim.JobId, () => store.TryReleaseAsync(claim, "database.unreachable", CancellationToken.None), cancellationToken);
        }
#pragma warning disable CA1031 // whatever it was: count the attempt and try again later
        catch (Exception e)
#pragma warning restore CA1031
        {
            span.Fail(CodeOf(e).Code);
            await RetryAsync(claim, e, cancellationToken);
        }
    }

    /// <summary>The message that is being worked on, when it belongs to the job's trace; else what the row says.</summary>
    private static string? ParentOf(JobClaim claim) =>
        Activity.Current is { } current && claim.TraceContext?.Contains(current.TraceId.ToHexString(), StringComparison.Ordinal) == true ? null : claim.TraceContext;

    private async Task CommitAsync(JobClaim claim, PipelineResult result, TimeSpan elapsed, CancellationToken giveUp)
    {
        // not the run's token: what is finished is committed even while the host stops
        var isHeld = true;
        switch (result)
        {
            case PipelineResult.Refused refused:
                isHeld = await kept.WriteAsync(
                    "refusal of job",
                    claim.JobId,
                    () => store.TryFailAsync(claim, refused.Code, OperatorText.Clean(refused.Detail), isRefusal: true, CancellationToken.None),
                    giveUp);
                if (isHeld)
                {
                    InferenceLog.Failed(log, claim.JobId, refused.Code);
                    metrics.JobEnded("refused");
                    metrics.Refused("job", refused.Code);
                    observers.Tell(o => o.JobNotDrafted(claim.JobId, "failed", refused.Code, refused.Detail));
                }

                break;
            case PipelineResult.Kept kept:
                isHeld = await store.TryDraftAsync(claim, kept.Draft, claim.Destinations!, CancellationToken.None);
                if (isHeld)
                {
                    InferenceLog.KeptReportTaken(log, claim.JobId);
                    TellNotes(kept.Draft);
                    metrics.JobEnded("drafted");
                    deliverySignal.Signal.Pulse();
                }

                break;
            case PipelineResult.Drafted drafted:
                isHeld = await kept.WriteAsync(
                    "draft of job", claim.JobId, () => store.TryDraftAsync(claim, drafted.Draft, claim.Destinations!, CancellationToken.None), giveUp);
                if (isHeld)
                {
                    InferenceLog.Drafted(log, claim.JobId, drafted.Draft.FinishReason, drafted.Work.Generated.Tokens, elapsed.TotalSeconds);
                    TellNotes(drafted.Draft);
                    metrics.JobEnded("drafted");
                    deliverySignal.Signal.Pulse();
                    observers.Tell(o => o.Drafted(drafted.Work));
                }

                break;
        }

        if (!isHeld)
        {
            InferenceLog.LeaseLost(log, claim.JobId);
            metrics.JobEnded("lost");
        }
    }

    private void TellNotes(FinishedDraft draft)
    {
        foreach (var note in draft.ContentNotes)
        {
            InferenceLog.ContentNoted(log, draft.JobId, note);
        }
    }

    private async Task RetryAsync(JobClaim claim, Exception exception, CancellationToken giveUp)
    {
        // messages of foreign exceptions may hold values of the file: only our own reach rows, logs get type and place
        var (code, detail) = CodeOf(exception);
        var state = await kept.WriteAsync(
            "failure of job", claim.JobId, () => store.TryRetryAsync(claim, code, OperatorText.Clean(detail), CancellationToken.None), giveUp);
        switch (state)
        {
            case null:
                InferenceLog.LeaseLost(log, claim.JobId);
                return;
            case "dead":
                InferenceLog.Dead(log, claim.JobId, claim.Attempt, code, exception.GetType().Name, exception.StackTrace);
                break;
            default:
                InferenceLog.Retried(log, claim.JobId, claim.Attempt, code, exception.GetType().Name, state, exception.StackTrace);
                break;
        }

        metrics.JobEnded(state);
        observers.Tell(o => o.JobNotDrafted(claim.JobId, state, code, detail));
    }

    private static (string Code, string Detail) CodeOf(Exception exception) => exception switch
    {
        WorkerException e => (e.Code, e.Message),
        HSENetDicomException e => (e.Code, e.Message),
        HSENetModelException e => (e.Code, e.Message),
        _ => ("job.exception", exception.GetType().Name),
    };
}
