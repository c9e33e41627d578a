using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using HSENet.Worker.Series;
using Npgsql;

namespace HSENet.Worker.Operating;

/// <summary>What an operator may do with jobs: look, try again, cancel. Each change is one guarded update with its audit row in the operator's name.</summary>
internal sealed class OperatorJobStore(Database database, string actor)
{
    private const string Columns = """
        job_id, state, priority, attempt, route, mode, model, series_key, series_revision, created_at, not_before, ended_at, lease_owner, lease_until,
        model_digest, error_code, error_detail,
        array(select d.destination from delivery d where d.job_id = job.job_id and d.state = 'failed' order by d.destination) as failed_deliveries,
        array(select d.destination from delivery d where d.job_id = job.job_id and d.state in ('pending', 'sending') and d.error_code is not null order by d.destination)
            as tried_deliveries,
        (select d.sop_instance_uid from draft d where d.job_id = job.job_id) as report_uid,
        (select d.finish_reason from draft d where d.job_id = job.job_id) as finish_reason,
        coalesce((select (d.manifest->'input'->>'is_partial')::boolean from draft d where d.job_id = job.job_id), false) as is_series_partial,
        coalesce((select (d.manifest->'input'->'content'->>'is_partial')::boolean from draft d where d.job_id = job.job_id), false) as is_covered_in_part,
        array(select concat_ws(': ', n.note->>'code', n.note->>'detail')
                from draft d,
                     jsonb_array_elements(coalesce(d.manifest->'input'->'content'->'notes', '[]')) with ordinality as n(note, place)
               where d.job_id = job.job_id order by n.place) as content_notes,
        (select d.manifest->'input'->>'partial_reason' from draft d where d.job_id = job.job_id) as series_reason,
        (select s.study_uid from series s where s.series_key = job.series_key) as study_uid,
        (select s.accession from series s where s.series_key = job.series_key) as accession,
        (select o.job_id from job o where o.job_id < job.job_id order by o.job_id desc limit 1) as id_before,
        (select o.job_id from job o where o.job_id > job.job_id order by o.job_id limit 1) as id_after
        """;

    private const string ListSql = $"""
        select {Columns} from job
         where (@state is null or state = @state)
           and (@delivery is null or exists (select from delivery d where d.job_id = job.job_id and d.state = @delivery))
         order by created_at desc, job_id limit @limit
        """;

    // its study's report is made of another series by now: running it again would make a second one that does not name the first (it names
    // its predecessor's); or its series has changed since, and has a job of what it is now, or will have one: whether this one was ended
    // then, or had failed or died before
    private const string SupersededSql = """
        (not exists (select from candidate c where c.job_id = @jobId and c.state = 'chosen')
         and exists (select from candidate c where c.job_id = @jobId
                   and (c.state = 'replaced'
                        or (c.state = 'failed' and exists (
                            select from candidate o where o.study_uid = c.study_uid and o.route = c.route and o.state = 'chosen'
                               and o.job_id is distinct from (select r.predecessor_job_id from job r where r.job_id = @jobId)))))
         or exists (select from job e join series s using (series_key) where e.job_id = @jobId
                       and (s.content_hash is distinct from e.content_hash
                            or exists (select from series n where n.corrected_from = s.series_key and n.has_moved)
                            or exists (select from job l where l.series_key = e.series_key and l.content_hash = e.content_hash and l.route = e.route
                                          and l.model = e.model and l.header_returns > e.header_returns))))
        """;

    private const string RetrySql = $"""
        with old as (select job_id, state from job where job_id = @jobId and state = any(@from) and not {SupersededSql} for update)
        update job j set state = 'ready', series_revision = @revision, attempt = 0, not_before = now(), queued_at = null, ended_at = null,
               error_code = null, error_detail = null
          from old where j.job_id = old.job_id
        returning j.series_key, j.series_revision, old.state = 'failed' as was_refused
        """;

    // a job that runs loses its lease: what its process writes is thrown away
    private const string CancelSql = """
        update job set state = 'cancelled', fence = fence + 1, lease_owner = null, lease_until = null, ended_at = now()
         where job_id = @jobId and state in ('ready', 'queued', 'running', 'failed', 'dead')
        returning series_key
        """;

    // retention and senders lock the series' row too: what is here stays here until the job is ready
    private const string ContentSql = """
        select j.series_key, j.series_revision as job_revision, j.content_hash, s.revision
          from job j join series s using (series_key) where j.job_id = @jobId for no key update of s
        """;

    private const string ReopenSql = """
        update series set state = 'closed', refusal_code = null, refusal_detail = null
         where series_key = @seriesKey and revision = @revision and state = 'refused'
        """;

    /// <summary>States from which trying again makes sense.</summary>
    public static IReadOnlyList<string> CanRetry { get; } = ["ready", "queued", "failed", "dead", "cancelled"];

    /// <param name="state">Null for every state.</param>
    /// <param name="delivery">Only with a delivery in this state; null: with or without.</param>
    /// <param name="limit">Newest first, so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<JobSummary>> ListAsync(string? state, string? delivery, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<JobSummary>(new CommandDefinition(
            ListSql, new { state, delivery, limit }, cancellationToken: cancellationToken))];
    }

    /// <exception cref="WorkerException"><c>jobs.unknown</c>.</exception>
    public async Task<JobStory> ShowAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var job = await connection.QuerySingleOrDefaultAsync<JobSummary>(
            new CommandDefinition($"select {Columns} from job where job_id = @jobId", new { jobId }, cancellationToken: cancellationToken)) ?? throw Unknown(jobId);
        var (studyUid, seriesUid) = await connection.QuerySingleAsync<(string, string)>(
            new CommandDefinition("select study_uid, series_uid from series where series_key = @SeriesKey", new { job.SeriesKey }, cancellationToken: cancellationToken));
        var deliveries = await connection.QueryAsync<JobDelivery>(new CommandDefinition(
            """
            select destination, state, attempt, not_before, stored_at, error_code, error_detail, answer_status, answer_comment, answer_elements
              from delivery where job_id = @jobId order by destination
            """,
            new { jobId },
            cancellationToken: cancellationToken));
        var events = await connection.QueryAsync<JobEvent>(new CommandDefinition(
            "select at, event, actor, reason from audit.event where job_id = @jobId order by event_id", new { jobId }, cancellationToken: cancellationToken));
        return new(job, studyUid, seriesUid, [.. deliveries], [.. events]);
    }

    /// <summary>Puts a job back to its beginning: ready, no attempts. A series that was refused for this job is closed again.</summary>
    /// <param name="jobId">Which.</param>
    /// <param name="from">States that it may be in.</param>
    /// <param name="reason">For the audit row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when it is in another state, superseded, or without its images.</returns>
    public Task<bool> TryRetryAsync(Guid jobId, IReadOnlyList<string> from, string reason, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                await FailedChoice.LockAsync(connection, jobId, cancellationToken);
                var revision = await RevisionAsync(connection, jobId, cancellationToken);
                var row = revision is null ? null : await connection.QuerySingleOrDefaultAsync<(Guid SeriesKey, int Revision, bool WasRefused)?>(
                    new CommandDefinition(RetrySql, new { jobId, revision, from = from.ToArray() }, cancellationToken: cancellationToken));
                if (row is not { } job)
                {
                    return false;
                }

                await AuditAsync(connection, AuditKind.JobRetried, jobId, job.SeriesKey, reason, cancellationToken);
                await FailedChoice.TryAgainAsync(connection, jobId, cancellationToken);
                var isReopened = job.WasRefused && await connection.ExecuteAsync(
                    new CommandDefinition(ReopenSql, new { job.SeriesKey, job.Revision }, cancellationToken: cancellationToken)) == 1;
                if (isReopened)
                {
                    await AuditAsync(connection, AuditKind.SeriesReopened, jobId, job.SeriesKey, reason, cancellationToken);
                }

                await connection.ExecuteAsync(new CommandDefinition("select pg_notify('job_ready', '')", cancellationToken: cancellationToken));
                return true;
            },
            cancellationToken);

    /// <returns>False when it is drafted or cancelled already.</returns>
    public Task<bool> TryCancelAsync(Guid jobId, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var seriesKey = await connection.QuerySingleOrDefaultAsync<Guid?>(
                    new CommandDefinition(CancelSql, new { jobId }, cancellationToken: cancellationToken));
                if (seriesKey is not null)
                {
                    await AuditAsync(connection, AuditKind.JobCancelled, jobId, seriesKey.Value, "operator", cancellationToken);
                }

                return seriesKey is not null;
            },
            cancellationToken);

    /// <summary>
    /// Whether the job's study has its report of another series by now, or its own series has changed since, so that the job is not run
    /// again.
    /// </summary>
    public async Task<bool> IsSupersededAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"select {SupersededSql}", new { jobId }, cancellationToken: cancellationToken));
    }

    /// <summary>Whether the images that the job was made of are not, or not all, in the spool any more.</summary>
    public Task<bool> IsDeletedAsync(Guid jobId, CancellationToken cancellationToken) =>
        database.InTransactionAsync(async connection => await RevisionAsync(connection, jobId, cancellationToken) is null, cancellationToken);

    /// <returns>Null when there is no such job.</returns>
    public async Task<string?> StateAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string>(
            new CommandDefinition("select state from job where job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
    }

    /// <param name="text">An id or its beginning.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkerException"><c>jobs.unknown</c> or <c>jobs.ambiguous</c>.</exception>
    public async Task<Guid> FindAsync(string text, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ShortId.FindAsync(
            connection, "job", "job_id", text, () => new WorkerException("jobs.unknown", $"no job begins with {text}"), "jobs.ambiguous", cancellationToken);
    }

    public static WorkerException Unknown(Guid jobId) => new("jobs.unknown", $"there is no job {jobId}");

    /// <returns>The revision of its series that has the job's content: its own, or the newest when all was sent again after it had been deleted; null: none has.</returns>
    private static async Task<int?> RevisionAsync(NpgsqlConnection connection, Guid jobId, CancellationToken cancellationToken)
    {
        var job = await connection.QuerySingleOrDefaultAsync<(Guid SeriesKey, int JobRevision, string ContentHash, int Revision)?>(
            new CommandDefinition(ContentSql, new { jobId }, cancellationToken: cancellationToken));
        foreach (var revision in job is { } found ? new[] { found.JobRevision, found.Revision }.Distinct() : [])
        {
            var instances = await SeriesStore.InstancesAsync(connection, job!.Value.SeriesKey, revision, cancellationToken);
            if (SeriesInstance.ContentHash(instances) == job.Value.ContentHash)
            {
                return revision;
            }
        }

        return null;
    }

    private Task AuditAsync(NpgsqlConnection connection, AuditKind kind, Guid jobId, Guid seriesKey, string reason, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            new AuditEvent(kind, AuditOutcome.Success, actor) { JobId = jobId, SeriesKey = seriesKey, Reason = reason }, cancellationToken);
}
