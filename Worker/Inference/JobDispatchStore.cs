using System.Diagnostics;
using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Messaging;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Inference;

/// <summary>From ready to queued, and back when nobody came.</summary>
internal sealed class JobDispatchStore(Database database, JobTiming timing)
{
    private const string QueuedSql = "update job set state = 'queued', queued_at = now() where job_id = @JobId";

    private const string AbandonedSql = """
        update job set state = case when attempt >= @MaximumAttempts then 'dead' else 'ready' end,
               ended_at = case when attempt >= @MaximumAttempts then now() end,
               not_before = now() + make_interval(secs => least(300, power(2, attempt))),
               error_code = 'job.lease-expired', error_detail = 'the process that ran it went away', lease_owner = null, lease_until = null
         where state = 'running' and (lease_until < now() or lease_owner like @predecessors)
        returning job_id, series_key, state, attempt
        """;

    private const string UnclaimedSql = """
        update job set state = 'ready' where state = 'queued' and queued_at < now() - @age returning job_id, series_key, state, attempt
        """;

    private const string LostSql = """
        update job set state = 'ready'
         where state = 'queued' and queued_at < now() - @age and (priority >= @StatPriority) = @isStat and (@jobs::uuid[] is null or job_id = any(@jobs))
        returning job_id, series_key, state, attempt
        """;

    /// <summary>Sends what is ready, STAT first, at least once: a crash before the commit sends it again.</summary>
    /// <returns>Number of jobs sent.</returns>
    /// <exception cref="WorkerException"><c>queue.*</c>: the transport did not take a job, which stays ready; those before it are queued.</exception>
    public async Task<int> DispatchAsync(IJobQueue queue, CancellationToken cancellationToken)
    {
        var (stat, statFailure) = await DispatchAsync(queue, isStat: true, cancellationToken);
        var (routine, routineFailure) = statFailure is { Code: "queue.unreachable" } ? (0, null) : await DispatchAsync(queue, isStat: false, cancellationToken);
        return (statFailure ?? routineFailure) is { } failure ? throw new WorkerException(failure.Code, failure.Message, failure) : stat + routine;
    }

    private Task<(int Count, WorkerException? Failure)> DispatchAsync(IJobQueue queue, bool isStat, CancellationToken cancellationToken) =>
        database.InTransactionAsync<(int, WorkerException?)>(
            async connection =>
            {
                var jobs = (await connection.QueryAsync<(Guid JobId, Guid SeriesKey, string? TraceContext)>(
                    new CommandDefinition(SelectSql(timing.QueueWindow), Window(timing.QueueWindow, isStat), cancellationToken: cancellationToken))).ToList();
                var count = 0;
                foreach (var (jobId, seriesKey, traceContext) in jobs)
                {
                    using var span = Tracing.Start("hsenet.dispatch", traceContext, ActivityKind.Producer);
                    span?.SetTag("hsenet.job", jobId);
                    try
                    {
                        await queue.SendAsync(jobId, isStat, cancellationToken);
                    }
                    catch (WorkerException e)
                    {
                        span.Fail(e.Code);
                        return (count, e);
                    }

                    count++;
                    await connection.ExecuteAsync(new CommandDefinition(QueuedSql, new { jobId }, cancellationToken: cancellationToken));
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.JobQueued, AuditOutcome.Success, AuditEvent.Service) { JobId = jobId, SeriesKey = seriesKey },
                        cancellationToken);
                }

                return (count, null);
            },
            cancellationToken);

    /// <summary>
    /// What goes next. Written so that the planner follows the index to the few rows and reads no others, however many wait: bounds of the priority, a limit that it knows, and a
    /// look at the predecessor that cannot become a join with the whole table.
    /// </summary>
    internal static string SelectSql(int queueWindow) => $"""
        with next as materialized (
            select j.job_id, j.series_key, j.trace_context, j.priority, j.created_at from job j
             where j.state = 'ready' and j.not_before <= now() and j.priority between @lowest and @highest
               and coalesce((select p.state from job p where p.job_id = j.predecessor_job_id), '') not in ('ready', 'queued', 'running')
             order by j.priority desc, j.created_at
             limit {queueWindow}
               for update of j skip locked)
        select job_id, series_key, trace_context from next order by priority desc, created_at
         limit greatest(0, @QueueWindow - (select count(*)::int from job where state = 'queued' and priority between @lowest and @highest))
        """;

    /// <summary>Parameters of <see cref="SelectSql"/>.</summary>
    internal static object Window(int queueWindow, bool isStat) => new
    {
        QueueWindow = queueWindow,
        lowest = isStat ? QueueNames.StatPriority : short.MinValue,
        highest = isStat ? short.MaxValue : (short)(QueueNames.StatPriority - 1),
    };

    /// <summary>Takes back what a lost process held and what was queued for too long.</summary>
    public Task<IReadOnlyList<(Guid JobId, string State)>> TakeBackAsync(CancellationToken cancellationToken) => TakeBackAsync(areLeasesJudged: true, cancellationToken);

    /// <param name="areLeasesJudged">False: leases may be old because nobody could renew them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<(Guid JobId, string State)>> TakeBackAsync(bool areLeasesJudged, CancellationToken cancellationToken) =>
        database.InTransactionAsync<IReadOnlyList<(Guid, string)>>(
            async connection =>
            {
                var abandoned = !areLeasesJudged ? [] : await TakeBackAsync(connection, AbandonedSql, new { timing.MaximumAttempts, predecessors = "" }, "job.lease-expired", cancellationToken);
                var unclaimed = await TakeBackAsync(connection, UnclaimedSql, new { age = timing.QueuedTooLong }, "job.unclaimed", cancellationToken);
                return [.. abandoned, .. unclaimed];
            },
            cancellationToken);

    /// <summary>Jobs of either class that were queued at least so long ago and are so still, and how many of it run: at one moment.</summary>
    public async Task<IReadOnlyDictionary<bool, (HashSet<Guid> Queued, int Running)>> QueuedAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var jobs = (await connection.QueryAsync<(Guid JobId, bool IsStat, bool IsRunning)>(new CommandDefinition(
            """
            select job_id, priority >= @StatPriority, state = 'running' from job
             where state in ('running', 'queued') and (state = 'running' or queued_at < now() - @age)
            """,
            new { age, QueueNames.StatPriority },
            cancellationToken: cancellationToken))).ToLookup(j => j.IsStat);
        return ((bool[])[true, false]).ToDictionary(
            isStat => isStat,
            isStat => (jobs[isStat].Where(j => !j.IsRunning).Select(j => j.JobId).ToHashSet(), jobs[isStat].Count(j => j.IsRunning)));
    }

    /// <summary>Makes queued jobs ready again whose messages are lost.</summary>
    /// <param name="isStat">Of which queue.</param>
    /// <param name="jobs">Which; null: all.</param>
    /// <param name="age">Queued at least so long ago.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<(Guid JobId, string State)>> TakeBackQueuedAsync(bool isStat, Guid[]? jobs, TimeSpan age, CancellationToken cancellationToken) =>
        database.InTransactionAsync<IReadOnlyList<(Guid, string)>>(
            async connection => await TakeBackAsync(
                connection, LostSql, new { isStat, jobs, age, QueueNames.StatPriority }, "queue.message-lost", cancellationToken),
            cancellationToken);

    /// <summary>
    /// At the start of a gateway: what the processes before it on the same spool were running themselves is run by nobody. What other
    /// processes run is theirs.
    /// </summary>
    /// <param name="predecessors">LIKE pattern of their lease owners.</param>
    /// <param name="isQueueLost">The queue was in memory: what was queued is queued no more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<int> TakeBackAfterRestartAsync(string predecessors, bool isQueueLost, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var running = await TakeBackAsync(connection, AbandonedSql, new { timing.MaximumAttempts, predecessors }, "host.restarted", cancellationToken);
                var queued = isQueueLost
                    ? await TakeBackAsync(connection, UnclaimedSql, new { age = TimeSpan.FromDays(-1) }, "host.restarted", cancellationToken)
                    : [];
                return running.Count + queued.Count;
            },
            cancellationToken);

    /// <summary>Completes rows from before destinations were kept in them.</summary>
    public async Task FillDestinationsAsync(IReadOnlyList<string> destinations, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update job set destinations = case mode when 'draft' then @all else '{}' end where destinations is null and state <> 'drafted'",
            new { all = destinations.ToArray() },
            cancellationToken: cancellationToken));
    }

    private static async Task<List<(Guid JobId, string State)>> TakeBackAsync(
        NpgsqlConnection connection, string sql, object parameters, string reason, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<(Guid JobId, Guid SeriesKey, string State, int Attempt)>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).ToList();
        foreach (var row in rows)
        {
            var isDead = row.State == "dead";
            await connection.WriteAsync(
                new AuditEvent(
                    isDead ? AuditKind.JobDead : AuditKind.JobRetried,
                    isDead ? AuditOutcome.MajorFailure : AuditOutcome.MinorFailure,
                    AuditEvent.Service)
                {
                    JobId = row.JobId,
                    SeriesKey = row.SeriesKey,
                    Reason = reason,
                    Details = new Dictionary<string, object?> { ["attempt"] = row.Attempt },
                },
                cancellationToken);
        }

        return [.. rows.Select(r => (r.JobId, r.State))];
    }
}
