using HSENet.Worker.Messaging;

namespace HSENet.Worker.Inference;

/// <summary>
/// Finds jobs whose message is gone, because a queue was purged, or deleted and made anew. A queued job's message waits in its queue or is
/// held by a consumer, one by each; and one that runs a job holds that job's own. More queued jobs than messages, and consumers that run
/// none, have lost theirs. Of jobs that wait honestly none is sent again.
/// </summary>
internal sealed class LostMessages(JobDispatchStore store, JobTiming timing, TimeProvider time, BrokerWatch? broker = null)
{
    private readonly Dictionary<(bool IsStat, Ground Ground), Suspicion> _suspicions = [];
    private readonly Dictionary<bool, long> _missingAt = [];
    private IReadOnlyList<QueueLook>? _last;

    /// <summary>Why there are too many queued jobs.</summary>
    private enum Ground
    {
        /// <summary>Nothing runs and so nothing waits for its turn, and yet there are more than messages.</summary>
        NothingRuns,

        /// <summary>More than all messages and all consumers that do not run a job of the class.</summary>
        MoreThanHeld,

        /// <summary>
        /// More than all messages and those consumers whose process runs a job of the other class: the others are idle, and hold a message
        /// for no longer than <see cref="JobTiming.IdleHold"/>.
        /// </summary>
        SomeAreIdle,
    }

    /// <returns>Jobs that are ready again, and those of them that are known to be so because their queue was made anew.</returns>
    public async Task<IReadOnlyList<(Guid JobId, string State)>> TakeBackAsync(CancellationToken cancellationToken)
    {
        // a job that was sent after the look is not among its messages
        var age = timing.MessageAge + (broker?.LookAge ?? TimeSpan.Zero);
        if (broker is not null && (broker.Trouble is not null || broker.Queues.Count == 0 || ReferenceEquals(broker.Queues, _last)))
        {
            return [];
        }

        _last = broker?.Queues;
        var jobs = await store.QueuedAsync(age, cancellationToken);
        List<(Guid, string)> taken = [];
        foreach (var isStat in (bool[])[true, false])
        {
            var look = _last?.SingleOrDefault(q => q.Name == QueueNames.Of(isStat));
            taken.AddRange(await TakeBackAsync(isStat, look, jobs[isStat].Queued, jobs[isStat].Running, jobs[!isStat].Running, cancellationToken));
        }

        return taken;
    }

    private async Task<IReadOnlyList<(Guid, string)>> TakeBackAsync(
        bool isStat, QueueLook? look, HashSet<Guid> queued, int running, int runningOfOther, CancellationToken cancellationToken)
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

        // without a broker nobody tells how many messages wait
        var messages = look?.Messages ?? 0;
        var free = Math.Max(0, (look?.Consumers ?? 0) - running);
        var nothingRuns = running + runningOfOther == 0;
        var lost = Suspect((isStat, Ground.NothingRuns), nothingRuns ? messages : long.MaxValue, queued, timing.MessagePatience)
            ?? Suspect(
                (isStat, Ground.MoreThanHeld), look is null || nothingRuns ? long.MaxValue : messages + free, queued, timing.MessagePatience)
            ?? Suspect(
                (isStat, Ground.SomeAreIdle), look is null ? long.MaxValue : messages + Math.Min(free, runningOfOther), queued, timing.IdleHold);
        if (lost is null)
        {
            return [];
        }

        foreach (var ground in Enum.GetValues<Ground>())
        {
            _suspicions.Remove((isStat, ground));
        }

        return await store.TakeBackQueuedAsync(isStat, [.. lost], timing.MessageAge, cancellationToken);
    }

    /// <param name="about">Which jobs are suspected, and why.</param>
    /// <param name="bound">So many may be queued.</param>
    /// <param name="queued">Are queued.</param>
    /// <param name="patience">How long there must be too many at each look.</param>
    /// <returns>The lost ones; null: none, or none yet.</returns>
    private HashSet<Guid>? Suspect((bool IsStat, Ground Ground) about, long bound, HashSet<Guid> queued, TimeSpan patience)
    {
        if (!_suspicions.TryGetValue(about, out var suspicion) || (about.Ground == Ground.NothingRuns && !suspicion.Jobs.SetEquals(queued)))
        {
            suspicion = new Suspicion(time.GetTimestamp(), queued);
        }

        // of an idle consumer only those count that were there all the time: others come and go
        var jobs = about.Ground == Ground.SomeAreIdle ? suspicion.Jobs.Intersect(queued).ToHashSet() : queued;
        if (jobs.Count <= bound)
        {
            _suspicions.Remove(about);
            return null;
        }

        _suspicions[about] = suspicion with { Jobs = jobs };
        return time.GetElapsedTime(suspicion.Since) < patience ? null : jobs;
    }

    /// <param name="Since">When there were too many first.</param>
    /// <param name="Jobs">Queued then.</param>
    private sealed record Suspicion(long Since, HashSet<Guid> Jobs);
}
