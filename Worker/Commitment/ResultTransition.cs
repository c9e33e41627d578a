using Dapper;
using HSENet.Dicom.Commitment;
using HSENet.Worker.Audit;
using Npgsql;

namespace HSENet.Worker.Commitment;

/// <summary>What a result does to its round and to the delivery, within one transaction. Told twice, or late, it does nothing more.</summary>
internal sealed class ResultTransition(NpgsqlConnection connection, CommitmentTiming timing)
{
    private const string FindSql = """
        select c.transaction_uid, c.delivery_id, d.job_id, j.series_key, d.destination, r.sop_instance_uid, r.sop_class_uid, c.round, c.fence
          from commitment c join delivery d using (delivery_id) join job j using (job_id) join sent_document r on r.delivery_id = d.delivery_id
         where c.transaction_uid = @TransactionUid for update of c, d
        """;

    private const string AnswerSql = """
        update commitment set state = @state, failure_reason = @reason, ended_at = now(), lease_until = null, error_code = null, error_detail = null
         where transaction_uid = @TransactionUid and state in ('due', 'asking', 'asked', 'unanswered')
        """;

    /// <summary>Also after the answer was given up; not when a later round was refused: then the report is on its way again.</summary>
    private const string CommittedSql = """
        update delivery d set state = 'committed', committed_at = now(), error_code = null, error_detail = null
         where d.delivery_id = @DeliveryId and (d.state = 'stored' or (d.state = 'failed' and d.error_code like 'commitment.%'))
           and not exists (select from commitment x where x.delivery_id = d.delivery_id and x.state = 'refused' and x.round > @Round)
        """;

    private const string SupersedeSql = """
        update commitment set state = 'superseded', ended_at = now(), lease_until = null
         where delivery_id = @DeliveryId and state in ('due', 'asking', 'asked')
        """;

    /// <summary>Only the newest question counts: the destination lacks the report, so it is sent again.</summary>
    private const string RefusedSql = """
        update delivery d
           set state = case when d.created_at > now() - @MaximumAge then 'pending' else 'failed' end,
               not_before = now() + @pause, error_code = 'commitment.refused', error_detail = @detail
         where d.delivery_id = @DeliveryId and d.state = 'stored'
           and not exists (select from commitment x where x.delivery_id = d.delivery_id and x.round > @Round)
        returning d.state
        """;

    public async Task<TakenResult?> ApplyAsync(CommitmentResult result, CancellationToken cancellationToken)
    {
        var claim = await connection.QuerySingleOrDefaultAsync<TransactionClaim>(
            new CommandDefinition(FindSql, new { result.TransactionUid }, cancellationToken: cancellationToken));
        if (claim is null)
        {
            return null;
        }

        var failure = result.Failed.FirstOrDefault(f => f.Reference.SopInstanceUid == claim.SopInstanceUid);
        if (failure is null && !result.Committed.Any(c => c.SopInstanceUid == claim.SopInstanceUid))
        {
            return null;
        }

        var state = failure is null ? "committed" : "refused";
        var reason = (int?)failure?.Reason;
        var isNews = await ExecuteAsync(AnswerSql, new { claim.TransactionUid, state, reason }, cancellationToken) == 1;
        if (!isNews)
        {
            return new TakenResult(claim.JobId, claim.Destination, state, reason, "", false);
        }

        var deliveryState = failure is null
            ? await CommitAsync(claim, cancellationToken)
            : await RefuseAsync(claim, failure.Reason.ToString("X4", null), cancellationToken);
        return new TakenResult(claim.JobId, claim.Destination, state, reason, deliveryState ?? "", deliveryState is not null);
    }

    private async Task<string?> CommitAsync(TransactionClaim claim, CancellationToken cancellationToken)
    {
        var isCommitted = await ExecuteAsync(CommittedSql, new { claim.DeliveryId, claim.Round }, cancellationToken) == 1;
        if (isCommitted)
        {
            await ExecuteAsync(SupersedeSql, new { claim.DeliveryId }, cancellationToken);
        }

        await connection.WriteAsync(
            TransactionEvent.Of(claim, AuditKind.CommitmentTaken, AuditOutcome.Success, isCommitted ? null : "commitment.late", null), cancellationToken);
        return isCommitted ? "committed" : null;
    }

    private async Task<string?> RefuseAsync(TransactionClaim claim, string detail, CancellationToken cancellationToken)
    {
        var state = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            RefusedSql,
            new { claim.DeliveryId, claim.Round, detail, timing.MaximumAge, pause = timing.PauseAfter(claim.Round) },
            cancellationToken: cancellationToken));
        await connection.WriteAsync(
            TransactionEvent.Of(
                claim,
                state == "failed" ? AuditKind.CommitmentFailed : AuditKind.CommitmentRefused,
                state == "failed" ? AuditOutcome.SeriousFailure : AuditOutcome.MinorFailure,
                state is null ? "commitment.late" : "commitment.refused",
                detail),
            cancellationToken);
        return state;
    }

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
}
