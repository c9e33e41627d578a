using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Delivery;
using HSENet.Worker.Messaging;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using HSENet.Worker.Routing;
using HSENet.Worker.Series;
using Npgsql;

namespace HSENet.Worker.Inference;

/// <summary>Transitions of a claimed job. Each is one guarded update (row count is truth) in one transaction with its audit row.</summary>
internal sealed class JobStore(Database database, JobTiming timing)
{
    private const string ClaimSql = """
        update job set state = 'running', lease_owner = @owner, lease_until = now() + @lease, attempt = attempt + 1, fence = fence + 1,
               report_created_at = coalesce(report_created_at, date_trunc('second', now())), error_code = null, error_detail = null
         where job_id = @jobId and state in ('ready', 'queued') and not_before <= now()
        returning job_id, series_key, series_revision, content_hash, is_partial, partial_reason, route, mode, model, destinations, fence, attempt, report_created_at, trace_context
        """;

    // each half by an index of its own, however many routine jobs wait; a number and no parameter, for a prepared plan that fits any priority reads them all
    internal static readonly string StatWaitingSql = $"""
        select exists (select from job where state = 'ready' and priority >= {QueueNames.StatPriority} and not_before <= now())
            or exists (select from job where state = 'queued' and priority >= {QueueNames.StatPriority} and not_before <= now())
        """;

    // a claim leaves room in the queue: the dispatcher need not wait for its next sweep to fill it
    private const string RoomSql = """
        select pg_notify('job_ready', '')
         where (select count(*) from job where state = 'queued') < @half and exists (select from job where state = 'ready' and not_before <= now())
        """;

    private static readonly string PredecessorSql = $"""
        with recursive earlier as (
            select predecessor_job_id as job_id from job where job_id = @jobId
            union
            select j.predecessor_job_id from job j join earlier e on j.job_id = e.job_id)
        select s.study_uid, d.series_instance_uid, d.sop_instance_uid
          from earlier e join draft d using (job_id) join job j using (job_id) join series s using (series_key)
          join job me on me.job_id = @jobId
         where (j.mode = 'draft' or j.mode = me.mode)
           and not {OutdatedDeliveries.IsUnsent("d.job_id", "(me.mode <> 'draft' or w.destination = any(me.destinations))")}
         order by d.created_at desc limit 1
        """;

    // what the sweep took back while the database was away from its holder, and nobody has claimed since (the fence tells), is still the
    // holder's
    private const string StillHeld = "(state = 'running' or (state in ('ready', 'queued', 'dead') and error_code = 'job.lease-expired'))";

    private const string RenewSql = $"""
        update job set state = 'running', lease_owner = @Owner, lease_until = now() + @lease, ended_at = null, error_code = null, error_detail = null
         where job_id = @JobId and fence = @Fence and {StillHeld}
        """;

    private const string DraftSql = """
        insert into draft(job_id, series_instance_uid, sop_instance_uid, document, text, finish_reason, manifest, model_purpose)
        values (@JobId, @SeriesInstanceUid, @SopInstanceUid, @Document, @Text, @FinishReason, cast(@Manifest as jsonb), @ModelPurpose)
        """;

    private const string DeliverySql = """
        insert into delivery(delivery_id, job_id, destination, state) values (@deliveryId, @JobId, @destination, 'pending')
        """;

    /// <returns>Null when there is nothing to claim: done already, held by another, or not yet due.</returns>
    public Task<JobClaim?> TryClaimAsync(Guid jobId, string owner, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var claim = await connection.QuerySingleOrDefaultAsync<JobClaim>(
                    new CommandDefinition(ClaimSql, new { jobId, owner, lease = timing.Lease }, cancellationToken: cancellationToken));
                if (claim is null)
                {
                    return null;
                }

                var (studyUid, seriesUid, sopUid) = await connection.QuerySingleOrDefaultAsync<(string?, string?, string?)>(
                    new CommandDefinition(PredecessorSql, new { jobId }, cancellationToken: cancellationToken));
                await connection.WriteAsync(
                    Event(claim, AuditKind.JobStarted, AuditOutcome.Success, null, ("attempt", claim.Attempt), ("worker", owner)), cancellationToken);
                await connection.ExecuteAsync(new CommandDefinition(RoomSql, new { half = timing.QueueWindow / 2 }, cancellationToken: cancellationToken));
                return claim with { Owner = owner, PredecessorStudyUid = studyUid, PredecessorSeriesUid = seriesUid, PredecessorSopUid = sopUid };
            },
            cancellationToken);

    /// <summary>Whether a STAT job is due that no process runs.</summary>
    public async Task<bool> IsStatWaitingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(StatWaitingSql, cancellationToken: cancellationToken));
    }

    /// <returns>False when the claim is lost.</returns>
    public async Task<bool> RenewAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(RenewSql, new { claim.JobId, claim.Fence, claim.Owner, lease = timing.Lease }, cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Stores the report with the transition to drafted, and its deliveries.</summary>
    /// <returns>False when the claim was lost: the result is thrown away.</returns>
    public Task<bool> TryDraftAsync(JobClaim claim, FinishedDraft draft, IReadOnlyList<string> destinations, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var receivers = await Receivers.ForAsync(connection, draft, claim.Mode == "draft" ? destinations : [], cancellationToken);
                if (!await LeaveRunningAsync(
                    connection,
                    claim,
                    "drafted",
                    ", model_digest = @ModelDigest, mode = case when @code is null then mode else 'shadow' end, error_code = @code, error_detail = @detail",
                    new { draft.ModelDigest, code = receivers.ShadowCode, detail = receivers.ShadowDetail },
                    cancellationToken))
                {
                    return await HasLeftAsync(connection, claim, "drafted", cancellationToken);
                }

                await connection.ExecuteAsync(new CommandDefinition(DraftSql, draft, cancellationToken: cancellationToken));
                foreach (var destination in receivers.Allowed)
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        DeliverySql, new { deliveryId = Guid.NewGuid(), claim.JobId, destination }, cancellationToken: cancellationToken));
                }

                var notes = draft.ContentNotes;
                (string, object?)[] noted = notes.Count == 0 ? [] : [("content", notes)];
                (string, object?)[] withheld = receivers.Withheld.Count == 0 ? [] : [("withheld_from", receivers.Withheld)];
                var entry = Event(
                    claim, AuditKind.JobDrafted, AuditOutcome.Success, withheld.Length > 0 ? Receivers.Demonstration : draft.IsKept ? "report.kept" : null,
                    [
                        ("model", draft.ModelName), ("model_version", draft.ModelVersion), ("model_digest", draft.ModelDigest), ("finish", draft.FinishReason),
                        ("hu_sha256", draft.HuSha256), .. noted, .. withheld,
                    ]);
                await connection.WriteAsync(entry with { SopInstanceUid = draft.SopInstanceUid }, cancellationToken);
                await connection.ExecuteAsync(new CommandDefinition("select pg_notify('delivery_ready', '')", cancellationToken: cancellationToken));
                return true;
            },
            cancellationToken);

    /// <summary>Ends a job for good. With <paramref name="isRefusal"/> its series is refused for the same reason.</summary>
    public Task<bool> TryFailAsync(JobClaim claim, string code, string detail, bool isRefusal, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                if (isRefusal)
                {
                    // in the order of everybody else: the study, the series, the job
                    await FailedChoice.LockAsync(connection, claim.JobId, cancellationToken);
                    await connection.ExecuteAsync(new CommandDefinition(
                        "select from series where series_key = @SeriesKey for no key update", new { claim.SeriesKey }, cancellationToken: cancellationToken));
                }

                if (!await LeaveRunningAsync(
                    connection, claim, "failed", ", error_code = @code, error_detail = @detail", new { code, detail }, cancellationToken))
                {
                    return await HasLeftAsync(connection, claim, "failed", cancellationToken);
                }

                await connection.WriteAsync(
                    Event(claim, AuditKind.JobFailed, AuditOutcome.SeriousFailure, code, ("detail", detail)), cancellationToken);
                if (isRefusal)
                {
                    await SeriesStore.RefuseClosedAsync(
                        connection, claim.SeriesKey, claim.SeriesRevision, claim.JobId, code, detail, cancellationToken);
                    await FailedChoice.PassOnAsync(connection, claim.JobId, cancellationToken);
                }

                return true;
            },
            cancellationToken);

    /// <summary>Puts a job back with a delay, or ends it as dead after the last attempt.</summary>
    /// <returns>The new state; null when the claim was lost.</returns>
    public Task<string?> TryRetryAsync(JobClaim claim, string code, string detail, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var isDead = claim.Attempt >= timing.MaximumAttempts;
                var delay = Backoff.After(claim.Attempt);
                var set = ", error_code = @code, error_detail = @detail, not_before = now() + @delay * (1 - @Jitter * random())";
                if (!await LeaveRunningAsync(connection, claim, isDead ? "dead" : "ready", set, new { code, detail, delay, Backoff.Jitter }, cancellationToken))
                {
                    return null;
                }

                await connection.WriteAsync(
                    Event(
                        claim,
                        isDead ? AuditKind.JobDead : AuditKind.JobRetried,
                        isDead ? AuditOutcome.MajorFailure : AuditOutcome.MinorFailure,
                        code,
                        ("attempt", claim.Attempt), ("detail", detail)),
                    cancellationToken);
                return isDead ? "dead" : "ready";
            },
            cancellationToken);

    /// <summary>Gives a job back unharmed: the host stops before it is done.</summary>
    public Task<bool> TryReleaseAsync(JobClaim claim, CancellationToken cancellationToken) => TryReleaseAsync(claim, "host.stopping", cancellationToken);

    /// <param name="claim">What is given back.</param>
    /// <param name="reason">Stable code of what kept it from being done; no fault of the job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<bool> TryReleaseAsync(JobClaim claim, string reason, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                if (!await LeaveRunningAsync(connection, claim, "ready", ", attempt = attempt - 1, error_code = null, error_detail = null", new { }, cancellationToken))
                {
                    return false;
                }

                await connection.WriteAsync(Event(claim, AuditKind.JobRetried, AuditOutcome.MinorFailure, reason), cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>Makes a queued job ready again: its message was taken, and then it could not be begun.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="reason">Stable code.</param>
    /// <param name="detail">Kept in the row with the code, for the operator; null: the row says nothing.</param>
    /// <param name="delay">When it may be sent again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<bool> TryReturnAsync(Guid jobId, string reason, string? detail, TimeSpan delay, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var seriesKey = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
                    """
                    update job set state = 'ready', not_before = now() + @delay, error_code = case when @detail is null then error_code else @reason end,
                           error_detail = coalesce(@detail, error_detail)
                     where job_id = @jobId and state = 'queued' returning series_key
                    """,
                    new { jobId, reason, detail, delay },
                    cancellationToken: cancellationToken));
                if (seriesKey is not null)
                {
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.JobRetried, AuditOutcome.MinorFailure, AuditEvent.Service) { SeriesKey = seriesKey, JobId = jobId, Reason = reason },
                        cancellationToken);
                }

                return seriesKey is not null;
            },
            cancellationToken);

    private static async Task<bool> LeaveRunningAsync(
        NpgsqlConnection connection, JobClaim claim, string state, string set, object values, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(values);
        parameters.Add("state", state);
        parameters.Add("JobId", claim.JobId);
        parameters.Add("Fence", claim.Fence);
        var sql = $"""
            update job set state = @state, lease_owner = null, lease_until = null,
                   ended_at = case when @state in ('drafted', 'failed', 'dead') then now() end{set}
             where job_id = @JobId and fence = @Fence and {StillHeld}
            """;
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Whether an earlier try of the same outcome got through and its answer did not: nobody else has this fence.</summary>
    private static Task<bool> HasLeftAsync(NpgsqlConnection connection, JobClaim claim, string state, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from job where job_id = @JobId and fence = @Fence and state = @state)",
            new { claim.JobId, claim.Fence, state },
            cancellationToken: cancellationToken));

    private static AuditEvent Event(
        JobClaim claim, AuditKind kind, AuditOutcome outcome, string? reason, params (string Key, object? Value)[] details) =>
        new(kind, outcome, AuditEvent.Service)
        {
            SeriesKey = claim.SeriesKey,
            JobId = claim.JobId,
            Reason = reason,
            Details = details.Length == 0 ? null : details.ToDictionary(d => d.Key, d => d.Value),
        };
}
