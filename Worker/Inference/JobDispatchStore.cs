using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Inference;

/// <summary>From ready to queued, and back when nobody came.</summary>
internal sealed class JobDispatchStore(Database database, JobTiming timing)
{
    private const string SelectSql = """
        select j.job_id, j.series_key from job j
         where j.state = 'ready' and j.not_before <= now()
           and not exists (select from job p where p.job_id = j.predecessor_job_id and p.state in ('ready', 'queued', 'running'))
         order by j.priority desc, j.created_at
         limit greatest(0, @QueueWindow - (select count(*)::int from job where state = 'queued'))
           for update of j skip locked
        """;

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

    /// <summary>Sends what is ready, at least once: a crash before the commit sends it again.</summary>
    /// <returns>Number of jobs sent.</returns>
    public Task<int> DispatchAsync(IJobQueue queue, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var jobs = (await connection.QueryAsync<(Guid JobId, Guid SeriesKey)>(
                    new CommandDefinition(SelectSql, new { timing.QueueWindow }, cancellationToken: cancellationToken))).ToList();
                foreach (var (jobId, seriesKey) in jobs)
                {
                    await queue.SendAsync(jobId, cancellationToken);
                    await connection.ExecuteAsync(new CommandDefinition(QueuedSql, new { jobId }, cancellationToken: cancellationToken));
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.JobQueued, AuditOutcome.Success, AuditEvent.Service) { JobId = jobId, SeriesKey = seriesKey },
                        cancellationToken);
                }

                return jobs.Count;
            },
            cancellationToken);

    /// <summary>Takes back what a lost process held and what a lost message named.</summary>
    public Task<IReadOnlyList<(Guid JobId, string State)>> TakeBackAsync(CancellationToken cancellationToken) =>
        database.InTransactionAsync<IReadOnlyList<(Guid, string)>>(
            async connection =>
            {
                var abandoned = await TakeBackAsync(connection, AbandonedSql, new { timing.MaximumAttempts, predecessors = "" }, "job.lease-expired", cancellationToken);
                var unclaimed = await TakeBackAsync(connection, UnclaimedSql, new { age = timing.QueuedTooLong }, "job.unclaimed", cancellationToken);
                return [.. abandoned, .. unclaimed];
            },
            cancellationToken);

    /// <summary>
    /// At the start of the only process of an in-memory transport: what was queued is queued no more, and what the processes before it on the
    /// same spool were running is run by nobody.
    /// </summary>
    public Task<int> TakeBackAfterRestartAsync(string predecessors, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var running = await TakeBackAsync(connection, AbandonedSql, new { timing.MaximumAttempts, predecessors }, "host.restarted", cancellationToken);
                var queued = await TakeBackAsync(connection, UnclaimedSql, new { age = TimeSpan.FromDays(-1) }, "host.restarted", cancellationToken);
                return running.Count + queued.Count;
            },
            cancellationToken);

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
