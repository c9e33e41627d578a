using Dapper;
using HSENet.Dicom.Commitment;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Commitment;

/// <summary>
/// What we ask of destinations about stored reports: a row for each round, with a transaction of its own, so that an answer to any of them counts whenever it
/// comes. Each transition is one guarded update in one transaction with its audit row.
/// </summary>
internal sealed class TransactionStore(Database database, CommitmentTiming timing)
{
    private const string ClaimSql = """
        with next as (
            select c.transaction_uid from commitment c join delivery d using (delivery_id)
             where d.destination = @destination and d.state = 'stored' and c.state = 'due' and c.not_before <= now()
             order by c.not_before limit 1 for update of c skip locked)
        update commitment c set state = 'asking', fence = c.fence + 1, asked_at = now(), lease_until = now() + @Lease, lease_owner = @owner
          from next, delivery d, job j, sent_document r
         where c.transaction_uid = next.transaction_uid and d.delivery_id = c.delivery_id and j.job_id = d.job_id and r.delivery_id = d.delivery_id
        returning c.transaction_uid, c.delivery_id, d.job_id, j.series_key, d.destination, r.sop_instance_uid, r.sop_class_uid, c.round, c.fence
        """;

    private const string AskedSql = """
        update commitment set state = 'asked', lease_until = null, answer_by = now() + @wait
         where transaction_uid = @TransactionUid and fence = @Fence and state = 'asking'
        """;

    private const string AskFailedSql = """
        update commitment set state = 'unanswered', lease_until = null, ended_at = now(), error_code = @code, error_detail = @detail
         where transaction_uid = @TransactionUid and fence = @Fence and state = 'asking'
        """;

    private const string LateSql = """
        with late as (
            select c.transaction_uid from commitment c join delivery d using (delivery_id)
             where d.state = 'stored'
               and ((c.state = 'asked' and c.answer_by < now()) or (c.state = 'asking' and c.lease_until < now())
                    or (c.state in ('due', 'asked') and d.stored_at < now() - @MaximumAge))
             order by c.created_at limit 1 for update of c, d skip locked)
        update commitment c set state = 'unanswered', lease_until = null, ended_at = now(), error_code = @code, error_detail = 'no result came'
          from late, delivery d, job j, sent_document r
         where c.transaction_uid = late.transaction_uid and d.delivery_id = c.delivery_id and j.job_id = d.job_id and r.delivery_id = d.delivery_id
        returning c.transaction_uid, c.delivery_id, d.job_id, j.series_key, d.destination, r.sop_instance_uid, r.sop_class_uid, c.round, c.fence
        """;

    private const string GiveUpSql = """
        update delivery set state = 'failed', error_code = @code, error_detail = @detail
         where delivery_id = @DeliveryId and state = 'stored' and stored_at < now() - @MaximumAge
        """;

    /// <summary>The next round, unless there is one already.</summary>
    private const string NextSql = """
        insert into commitment(transaction_uid, delivery_id, round, state, not_before)
        select @uid, @DeliveryId, @round, 'due', now() + @pause
        on conflict (delivery_id, round) do nothing
        """;

    /// <summary>In the transaction that stores a report: it is to be asked about.</summary>
    public static async Task EnqueueAsync(NpgsqlConnection connection, Guid deliveryId, CancellationToken cancellationToken)
    {
        var round = 1 + await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select coalesce(max(round), 0) from commitment where delivery_id = @deliveryId", new { deliveryId }, cancellationToken: cancellationToken));
        await InsertAsync(connection, deliveryId, round, TimeSpan.Zero, cancellationToken);
    }

    /// <returns>Null when nothing is due.</returns>
    public Task<TransactionClaim?> TryClaimAsync(string destination, string owner, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var claim = await connection.QuerySingleOrDefaultAsync<TransactionClaim>(
                    new CommandDefinition(ClaimSql, new { destination, owner, timing.Lease }, cancellationToken: cancellationToken));
                if (claim is not null)
                {
                    await connection.WriteAsync(TransactionEvent.Of(claim, AuditKind.CommitmentStarted, AuditOutcome.Success, null, null), cancellationToken);
                }

                return claim;
            },
            cancellationToken);

    /// <returns>False when the result came before the response.</returns>
    public async Task<bool> TryAskedAsync(TransactionClaim claim, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            AskedSql, new { claim.TransactionUid, claim.Fence, wait = timing.WaitOf(claim.Round) }, cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>The destination could not be asked, or would not hear of it.</summary>
    /// <returns>The delivery's state, stored (asked again later) or failed; null when the claim was lost.</returns>
    public Task<string?> TryAskFailedAsync(TransactionClaim claim, string code, string detail, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var rows = await connection.ExecuteAsync(new CommandDefinition(
                    AskFailedSql, new { claim.TransactionUid, claim.Fence, code, detail }, cancellationToken: cancellationToken));
                return rows == 1 ? await NextRoundAsync(connection, claim, code, detail, timing.PauseAfter(claim.Round), cancellationToken) : null;
            },
            cancellationToken);

    /// <summary>One question whose time has run out, also one that a crashed process had in hand.</summary>
    /// <returns>Null when there is none; else with the delivery's state: stored (asked again at once) or failed.</returns>
    public Task<(TransactionClaim Claim, string State)?> TryExpireAsync(CancellationToken cancellationToken) =>
        database.InTransactionAsync<(TransactionClaim, string)?>(
            async connection =>
            {
                const string code = "commitment.no-answer";
                var late = await connection.QuerySingleOrDefaultAsync<TransactionClaim>(
                    new CommandDefinition(LateSql, new { timing.MaximumAge, code }, cancellationToken: cancellationToken));
                return late is null ? null : (late, await NextRoundAsync(connection, late, code, "no result came", TimeSpan.Zero, cancellationToken));
            },
            cancellationToken);

    /// <summary>A result, for whatever round and in whatever order.</summary>
    /// <returns>Null when it is not about a transaction of ours.</returns>
    public Task<TakenResult?> TakeResultAsync(CommitmentResult result, CancellationToken cancellationToken) =>
        database.InTransactionAsync(connection => new ResultTransition(connection, timing).ApplyAsync(result, cancellationToken), cancellationToken);

    /// <summary>At start: questions that the processes before this one on the same spool were asking may or may not have arrived.</summary>
    public async Task TakeBackAfterRestartAsync(string predecessors, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update commitment set lease_until = now() where state = 'asking' and lease_owner like @predecessors",
            new { predecessors },
            cancellationToken: cancellationToken));
    }

    private async Task<string> NextRoundAsync(
        NpgsqlConnection connection, TransactionClaim claim, string code, string detail, TimeSpan pause, CancellationToken cancellationToken)
    {
        var isGivenUp = await connection.ExecuteAsync(new CommandDefinition(
            GiveUpSql, new { claim.DeliveryId, code, detail, timing.MaximumAge }, cancellationToken: cancellationToken)) == 1;
        if (!isGivenUp)
        {
            await InsertAsync(connection, claim.DeliveryId, claim.Round + 1, pause, cancellationToken);
        }

        await connection.WriteAsync(
            isGivenUp
                ? TransactionEvent.Of(claim, AuditKind.CommitmentFailed, AuditOutcome.SeriousFailure, code, detail)
                : TransactionEvent.Of(claim, AuditKind.CommitmentRetried, AuditOutcome.MinorFailure, code, detail),
            cancellationToken);
        return isGivenUp ? "failed" : "stored";
    }

    private static Task<int> InsertAsync(NpgsqlConnection connection, Guid deliveryId, int round, TimeSpan pause, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            NextSql,
            new { uid = FellowOakDicom.DicomUIDGenerator.GenerateDerivedFromUUID().UID, DeliveryId = deliveryId, round, pause },
            cancellationToken: cancellationToken));
}
