using HSENet.Worker.Messaging;

namespace HSENet.Worker.Inference;

/// <summary>
/// Finds jobs whose message is gone, because a queue was purged, or deleted and made anew. A queued job's message waits in its queue or is
/// held by a consumer (each holds one), so more queued jobs than both together have lost theirs; and where nothing runs, consumers hold
/// none. Of jobs that wait honestly none is sent again.
/// </summary>
internal sealed class LostMessages(JobDispatchStore store, JobTiming timing, TimeProvider time, BrokerWatch? broker = null)
{
    private readonly Dictionary<bool, Suspicion> _suspicions = [];
    private readonly Dictionary<bool, long> _missingAt = [];
    private IReadOnlyList<QueueLook>? _last;

    /// <returns>Jobs that are ready again, and those of them that are known to be so because their queue was made anew.</returns>
    public async Task<IReadOnlyList<(Guid JobId, string State)>> TakeBackAsync(CancellationToken cancellationToken)
    {
        if (broker is not null && (broker.Trouble is not null || broker.Queues.Count == 0 || ReferenceEquals(broker.Queues, _last)))
        {
            return [];
        }

        _last = broker?.Queues;
        var queued = await store.QueuedAsync(timing.MessageAge, cancellationToken);
        List<(Guid, string)> taken = [];
        foreach (var isStat in (bool[])[true, false])
        {
            var look = _last?.SingleOrDefault(q => q.Name == QueueNames.Of(isStat));
            var jobs = queued.Jobs.Where(j => j.IsStat == isStat).Select(j => j.JobId).ToHashSet();
            taken.AddRange(await TakeBackAsync(isStat, look, jobs, queued.Running, cancellationToken));
        }

        return taken;
    }

    private async Task<IReadOnlyList<(Guid, string)>> TakeBackAsync(bool isStat, QueueLook? look, HashSet<Guid> jobs, int running, CancellationToken cancellationToken)
    {
        if (look is { Exists: false })
        {
            _missingAt[isStat] = time.GetTimestamp();
            return [];
        }

        if (look is not null && _missingAt.Remove(isStat, out var missing))
        {
            // made anew: whatever was queued before is gone with the old one
            return await store.TakeBackQueuedAsync(isStat, null, time.GetElapsedTime(missing), cancellationToken);
        }

        if (!AreTooMany(look, jobs.Count, running))
        {
            _suspicions.Remove(isStat);
            return [];
        }

        var isIdle = running == 0;
        if (!_suspicions.TryGetValue(isStat, out var suspicion) || suspicion.IsIdle != isIdle || (isIdle && !suspicion.Jobs.SetEquals(jobs)))
        {
            _suspicions[isStat] = new Suspicion(time.GetTimestamp(), isIdle, jobs);
            return [];
        }

        if (time.GetElapsedTime(suspicion.Since) < timing.MessagePatience)
        {
            return [];
        }

        _suspicions.Remove(isStat);
        return await store.TakeBackQueuedAsync(isStat, [.. jobs], timing.MessageAge, cancellationToken);
    }

    /// <summary>
    /// Without a broker nobody tells how many messages wait: only while nothing runs, and so nothing waits for its turn, is a queued job a
    /// lost one.
    /// </summary>
    private static bool AreTooMany(QueueLook? look, int queued, int running) => look is null
        ? running == 0 && queued > 0
        : queued > look.Messages + (running == 0 ? 0 : look.Consumers);

    /// <param name="Since">When it was seen first.</param>
    /// <param name="IsIdle">Nothing ran then.</param>
    /// <param name="Jobs">Queued then.</param>
    private sealed record Suspicion(long Since, bool IsIdle, HashSet<Guid> Jobs);
}
