using Dapper;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Sending;
using HSENet.Worker.Audit;
using HSENet.Worker.Commitment;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using HSENet.Worker.Routing;
using Npgsql;

namespace HSENet.Worker.Delivery;

/// <summary>Transitions of deliveries, each one guarded update in one transaction with its audit row. The outcome is kept for each destination.</summary>
internal sealed class DeliveryStore(Database database, WorkerSettings settings, KeptReports reports)
{
    private const ushort DuplicateInstance = 0x0111;

    /// <summary>Longer than any send may take: after it a crashed process's delivery is tried again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>After this a destination that does not take a report is given up.</summary>
    private static readonly TimeSpan MaximumAge = TimeSpan.FromDays(7);

    // in the order of the index, so that the first is found without a look at all that wait; what is being sent was due before
    internal const string ClaimSql = $"""
        with due as (
            select delivery_id, sr_class as settled_class from delivery
             where destination = @destination and state in ('pending', 'sending') and not_before <= now() and (state = 'pending' or lease_until < now())
               and not exists (select from destination_stop s where s.destination = @destination and s.probe_at > now())
               and not exists (select from job j join series s using (series_key)
                                where j.job_id = delivery.job_id and s.state = 'receiving' and j.series_revision < s.header_revision)
               and not exists (select from job j join series n on n.corrected_from = j.series_key
                                where j.job_id = delivery.job_id and n.state = 'receiving' and not n.has_moved)
             order by not_before limit 1 for update skip locked)
        update delivery d set state = 'sending', attempt = d.attempt + 1, fence = d.fence + 1, lease_until = now() + @Lease,
               lease_owner = @owner,
               error_code = null, error_detail = null, sr_class = coalesce(d.sr_class, @preferred)
          from due, job j, draft r, series s
         where d.delivery_id = due.delivery_id and j.job_id = d.job_id and r.job_id = d.job_id and s.series_key = j.series_key
        returning d.delivery_id, d.job_id, j.series_key, d.destination, d.fence, d.attempt, r.sop_instance_uid, r.document, r.model_purpose, due.settled_class, j.trace_context,
                  extract(epoch from now() - j.created_at)::double precision as job_age_seconds,
                  {OutdatedDeliveries.IsOutdated} as is_outdated
        """;

    private const string StoredSql = """
        update delivery set state = 'stored', stored_at = now(), lease_until = null, warning_status = @warningStatus,
               answer_status = coalesce(@warningStatus, 0), answer_comment = @AnswerComment, answer_elements = @AnswerElements
         where delivery_id = @DeliveryId and fence = @Fence and state = 'sending'
        """;

    // nothing was sent under this claim
    private const string ReleaseSql = """
        update delivery set state = 'pending', sr_class = @SettledClass, lease_until = null, lease_owner = null
         where delivery_id = @DeliveryId and fence = @Fence and state = 'sending'
        """;

    private const string SwitchSql = """
        update delivery d set sr_class = @name from draft r
         where d.delivery_id = @DeliveryId and d.fence = @Fence and d.state = 'sending' and r.job_id = d.job_id
        returning r.sop_instance_uid, r.document
        """;

    private const string FailedSql = """
        update delivery set state = case when @isTransient and created_at > now() - @MaximumAge then 'pending' else 'failed' end,
               lease_until = null, not_before = now() + @delay * (1 - @Jitter * random()), error_code = @code, error_detail = @detail,
               sr_class = case when @isUnsettled then null else sr_class end, answer_status = @AnswerStatus, answer_comment = @AnswerComment, answer_elements = @AnswerElements
         where delivery_id = @DeliveryId and fence = @Fence and state = 'sending'
        returning state
        """;

    private const string OrphansSql = """
        update delivery d set state = 'failed', lease_until = null, error_code = @code, error_detail = 'no destination of this name is configured'
          from job j
         where j.job_id = d.job_id and d.state in ('pending', 'sending') and not d.destination = any(@known)
           and d.created_at < now() - @MaximumAge
        returning d.job_id, j.series_key, d.destination
        """;

    /// <returns>Null when nothing is due.</returns>
    public Task<DeliveryClaim?> TryClaimAsync(string destination, string owner, CancellationToken cancellationToken) =>
        TryClaimAsync(destination, owner, SrClass.Basic, cancellationToken);

    /// <param name="destination">Its name.</param>
    /// <param name="owner">Who claims.</param>
    /// <param name="preferred">Class of a report that is not settled on one yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when nothing is due.</returns>
    public async Task<DeliveryClaim?> TryClaimAsync(
        string destination, string owner, SrClass preferred, CancellationToken cancellationToken)
    {
        DeliveryClaim? claim;
        while ((claim = await ClaimAsync(destination, owner, preferred, cancellationToken)) is { IsOutdated: true })
        {
            await EndOutdatedAsync(claim, cancellationToken);
        }

        return claim;
    }

    private Task<DeliveryClaim?> ClaimAsync(string destination, string owner, SrClass preferred, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var claim = await connection.QuerySingleOrDefaultAsync<DeliveryClaim>(new CommandDefinition(
                    ClaimSql, new { destination, owner, Lease, preferred = preferred.Name() }, cancellationToken: cancellationToken));
                if (claim is { IsOutdated: false })
                {
                    claim = await ReportRenderings.ApplyAsync(
                        connection, reports, claim, SrClasses.Parse(claim.SettledClass) ?? preferred, cancellationToken);
                    await connection.WriteAsync(Event(claim, AuditKind.DeliveryStarted, AuditOutcome.Success, null, null), cancellationToken);
                }

                return claim;
            },
            cancellationToken);

    /// <summary>
    /// Ends a delivery that was found outdated when it was claimed, or that was under way while its series was closed, and gives
    /// the others of its study the chance that they did not get at that moment. In a transaction of its own, for the study is
    /// locked before the series and its deliveries, as by everybody.
    /// </summary>
    /// <param name="claim">Under which nothing is sent any more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<bool> EndOutdatedAsync(DeliveryClaim claim, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                await EarlierJobs.LockAsync(connection, claim.SeriesKey, cancellationToken);
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @SeriesKey for no key update",
                    new { claim.SeriesKey },
                    cancellationToken: cancellationToken));
                await connection.ExecuteAsync(new CommandDefinition(
                    ReleaseSql, new { claim.DeliveryId, claim.Fence, claim.SettledClass }, cancellationToken: cancellationToken));
                await OutdatedDeliveries.WithdrawAsync(connection, claim.SeriesKey, cancellationToken);
                await EarlierJobs.PassOnWithdrawnAsync(connection, claim.SeriesKey, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>Before anything has left: the destination takes the report in another class only.</summary>
    /// <param name="claim">With the report as Basic Text SR or any other class.</param>
    /// <param name="srClass">That it takes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>With the document in that class; null when the claim was lost.</returns>
    public Task<DeliveryClaim?> TrySwitchAsync(DeliveryClaim claim, SrClass srClass, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var basic = await connection.QuerySingleOrDefaultAsync<(string Uid, byte[] Document)?>(new CommandDefinition(
                    SwitchSql, new { claim.DeliveryId, claim.Fence, name = srClass.Name() }, cancellationToken: cancellationToken));
                return basic is not { } draft
                    ? null
                    : await ReportRenderings.ApplyAsync(
                        connection,
                        reports,
                        claim with { SopInstanceUid = draft.Uid, Document = draft.Document },
                        srClass,
                        cancellationToken);
            },
            cancellationToken);

    /// <param name="claim">What was sent.</param>
    /// <param name="remark">What the destination said to it; null: nothing but success.</param>
    /// <param name="isCommitmentWanted">It is asked for storage commitment next.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the claim was lost.</returns>
    public Task<bool> TryStoreAsync(DeliveryClaim claim, PeerAnswer? remark, bool isCommitmentWanted, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var rows = await connection.ExecuteAsync(new CommandDefinition(
                    StoredSql,
                    new { warningStatus = (int?)remark?.Status.Code, AnswerComment = remark?.Comment, AnswerElements = remark?.OffendingElements, claim.DeliveryId, claim.Fence },
                    cancellationToken: cancellationToken));
                if (rows == 1)
                {
                    var reason = remark is null ? null : "delivery.warning";
                    await connection.WriteAsync(Event(claim, AuditKind.DeliveryStored, AuditOutcome.Success, reason, (remark?.Status.Code ?? 0).ToString("X4", null), remark), cancellationToken);
                    await DestinationStop.ResumeAsync(connection, claim.Destination, cancellationToken);
                    if (isCommitmentWanted)
                    {
                        await TransactionStore.EnqueueAsync(connection, claim.DeliveryId, cancellationToken);
                    }
                }

                // an earlier try may have got through without its answer: nobody else has this fence
                return rows == 1 || await HasLeftAsync(connection, claim, cancellationToken);
            },
            cancellationToken);

    /// <returns>Null when the claim was lost.</returns>
    public Task<DeliveryTransition?> TryFailAsync(DeliveryClaim claim, SendOutcome.Failed failed, bool isTransient, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                // nothing left, or a refusal that is certain: the next attempt may be in another class
                var isUnsettled = claim.SettledClass is null
                    && (failed.Code is "delivery.refused-context" or "delivery.unreachable" or "delivery.rejected" or "delivery.tls"
                        or SendOutcome.Failed.Unguarded or Receivers.Demonstration or "spool.report"
                        || failed.Status is not null and not DuplicateInstance);
                var (code, detail) = (failed.Code, OperatorText.Clean(failed.Detail));
                var state = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                    FailedSql,
                    new
                    {
                        isTransient, isUnsettled, MaximumAge, delay = Backoff.After(claim.Attempt), Backoff.Jitter, code, detail, claim.DeliveryId, claim.Fence,
                        AnswerStatus = (int?)failed.Status, AnswerComment = failed.Answer?.Comment, AnswerElements = failed.Answer?.OffendingElements,
                    },
                    cancellationToken: cancellationToken));
                if (state is not null)
                {
                    var isFinal = state == "failed";
                    await connection.WriteAsync(
                        Event(
                            claim,
                            isFinal ? AuditKind.DeliveryFailed : AuditKind.DeliveryRetried,
                            isFinal ? AuditOutcome.SeriousFailure : AuditOutcome.MinorFailure,
                            code,
                            detail,
                            failed.Answer),
                        cancellationToken);
                }

                int? heldBack = state == "failed" && (failed.Status is not null || failed.Code == SendOutcome.Failed.Unguarded)
                    ? await DestinationStop.StopAsync(connection, claim.Destination, claim.JobId, code, detail, cancellationToken)
                    : null;
                return state is null ? null : new DeliveryTransition(state, heldBack);
            },
            cancellationToken);

    private static Task<bool> HasLeftAsync(NpgsqlConnection connection, DeliveryClaim claim, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from delivery where delivery_id = @DeliveryId and fence = @Fence and state in ('stored', 'committed'))",
            new { claim.DeliveryId, claim.Fence },
            cancellationToken: cancellationToken));

    /// <summary>At start: what the processes before this one on the same spool were sending is due again. Counted and audited when it is sent.</summary>
    public async Task TakeBackAfterRestartAsync(string predecessors, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update delivery set lease_until = now() where state = 'sending' and lease_owner like @predecessors",
            new { predecessors },
            cancellationToken: cancellationToken));
    }

    /// <summary>What waits for destinations that are not configured: perhaps only until the next start with the right settings.</summary>
    public async Task<int> CountOrphansAsync(IReadOnlyCollection<string> known, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*) from delivery where state in ('pending', 'sending') and not destination = any(@known)",
            new { known = known.ToArray() },
            cancellationToken: cancellationToken));
    }

    /// <summary>Fails what has waited too long for destinations that are not configured any more.</summary>
    public Task<int> FailOrphansAsync(IReadOnlyCollection<string> known, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                const string code = "delivery.destination-unknown";
                var rows = (await connection.QueryAsync<(Guid JobId, Guid SeriesKey, string Destination)>(
                    new CommandDefinition(OrphansSql, new { code, known = known.ToArray(), MaximumAge }, cancellationToken: cancellationToken))).ToList();
                foreach (var row in rows)
                {
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.DeliveryFailed, AuditOutcome.SeriousFailure, AuditEvent.Service)
                        {
                            JobId = row.JobId,
                            SeriesKey = row.SeriesKey,
                            Destination = row.Destination,
                            Reason = code,
                        },
                        cancellationToken);
                }

                return rows.Count;
            },
            cancellationToken);

    private AuditEvent Event(DeliveryClaim claim, AuditKind kind, AuditOutcome outcome, string? reason, string? answer, PeerAnswer? said = null)
    {
        // a name of the settings may stand for another node tomorrow: the row tells where it went today
        var node = settings.Destinations.Find(d => d.Name == claim.Destination);
        return new(kind, outcome, AuditEvent.Service)
        {
            SeriesKey = claim.SeriesKey,
            JobId = claim.JobId,
            Destination = claim.Destination,
            SopInstanceUid = claim.SopInstanceUid,
            Reason = reason,
            Details = new Dictionary<string, object?>
            {
                ["attempt"] = claim.Attempt, ["answer"] = answer, ["comment"] = said?.Comment, ["elements"] = said?.OffendingElements, ["called"] = node?.AeTitle, ["host"] = node?.Host, ["port"] = node?.Port,
            },
        };
    }
}
