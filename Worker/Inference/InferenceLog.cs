using HSENet.Worker.Observability;

namespace HSENet.Worker.Inference;

internal static partial class InferenceLog
{
    [LoggerMessage(EventIds.ModelLoaded, LogLevel.Information, "Model {Name} {Version} loaded in {Seconds:F1} s, digest {Digest}")]
    public static partial void ModelLoaded(ILogger log, string name, string version, double seconds, string digest);

    [LoggerMessage(EventIds.ModelUnloaded, LogLevel.Information, "Model directory {Name} unloaded: {Next} needs its place")]
    public static partial void ModelUnloaded(ILogger log, string name, string next);

    [LoggerMessage(EventIds.JobsDispatched, LogLevel.Debug, "{Count} jobs queued")]
    public static partial void Dispatched(ILogger log, int count);

    [LoggerMessage(EventIds.JobRequeued, LogLevel.Warning, "Job {JobId} was taken back: {State}")]
    public static partial void Requeued(ILogger log, Guid jobId, string state);

    [LoggerMessage(EventIds.MessageLost, LogLevel.Warning,
        "queue.message-lost: the messages of {Count} queued jobs are not at the broker any more (queue purged, or deleted and made anew); they are sent again")]
    public static partial void MessagesLost(ILogger log, int count);

    [LoggerMessage(EventIds.JobClaimed, LogLevel.Information, "Job {JobId} claimed, attempt {Attempt}")]
    public static partial void Claimed(ILogger log, Guid jobId, int attempt);

    [LoggerMessage(EventIds.JobClaimDelayed, LogLevel.Warning, "Job {JobId} cannot be claimed now ({ExceptionType}); it is tried until the database answers")]
    public static partial void ClaimDelayed(ILogger log, Exception? outage, Guid jobId, string exceptionType);

    [LoggerMessage(EventIds.JobDropped, LogLevel.Debug, "Job {JobId} is done or held by another")]
    public static partial void Dropped(ILogger log, Guid jobId);

    [LoggerMessage(EventIds.JobFailed, LogLevel.Warning, "Job {JobId} failed: {Code}")]
    public static partial void Failed(ILogger log, Guid jobId, string code);

    [LoggerMessage(EventIds.JobRetried, LogLevel.Warning, "Job {JobId} attempt {Attempt} ended with {Code} ({Exception}), now {State}; at {Place}")]
    public static partial void Retried(ILogger log, Guid jobId, int attempt, string code, string exception, string state, string? place);

    [LoggerMessage(EventIds.JobDead, LogLevel.Error, "Job {JobId} is dead after attempt {Attempt}: {Code} ({Exception}); at {Place}")]
    public static partial void Dead(ILogger log, Guid jobId, int attempt, string code, string exception, string? place);

    [LoggerMessage(EventIds.LeaseLost, LogLevel.Warning, "Job {JobId}: the lease was lost, the result is thrown away")]
    public static partial void LeaseLost(ILogger log, Guid jobId);

    [LoggerMessage(EventIds.LeaseRenewalFailed, LogLevel.Warning, "Job {JobId}: the lease could not be renewed ({ExceptionType})")]
    public static partial void RenewalFailed(ILogger log, Exception? outage, Guid jobId, string exceptionType);

    [LoggerMessage(EventIds.JobRunFailed, LogLevel.Error, "Job {JobId}: its row could not be changed; it is taken back when the lease expires")]
    public static partial void RunFailed(ILogger log, Exception exception, Guid jobId);

    [LoggerMessage(EventIds.GpuMemoryShort, LogLevel.Warning, "job.gpu-memory: no job is taken: {Numbers}")]
    public static partial void GpuMemoryShort(ILogger log, string numbers);

    [LoggerMessage(EventIds.GpuMemoryBack, LogLevel.Information, "Jobs are taken again: {Numbers}")]
    public static partial void GpuMemoryBack(ILogger log, string numbers);

    [LoggerMessage(EventIds.KeptReportTaken, LogLevel.Information, "report.kept: job {JobId} has the report that the spool keeps of its content; nothing is computed")]
    public static partial void KeptReportTaken(ILogger log, Guid jobId);

    [LoggerMessage(EventIds.ContentNoted, LogLevel.Warning, "Job {JobId} was drafted all the same: {Note}")]
    public static partial void ContentNoted(ILogger log, Guid jobId, string note);

    [LoggerMessage(EventIds.Drafted, LogLevel.Information, "Job {JobId} drafted: {FinishReason}, {TokenCount} tokens, {Seconds:F1} s")]
    public static partial void Drafted(ILogger log, Guid jobId, string finishReason, int tokenCount, double seconds);
}
