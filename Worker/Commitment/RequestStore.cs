using System.Security.Cryptography;
using System.Text;
using Dapper;
using HSENet.Dicom.Commitment;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commitment;

/// <summary>What senders ask of us. Each transition is one guarded update in one transaction with its audit row.</summary>
internal sealed class RequestStore(Database database, CommitmentTiming timing)
{
    /// <summary>The same request again (its answer was lost, or the result did not please) is reported on again.</summary>
    private const string AddSql = """
        insert into commitment_request as r (request_id, calling_ae, transaction_uid, remote_host, association_id, reference_digest, reference_count, state, not_before)
        values (@id, @CallingAe, @TransactionUid, @RemoteHost, @AssociationId, @digest, @count, 'pending', now() + @Grace)
        on conflict (calling_ae, transaction_uid) do update
           set association_id = excluded.association_id, remote_host = excluded.remote_host, created_at = now(), ended_at = null,
               attempt = case when r.state in ('reported', 'failed') then 0 else r.attempt end,
               not_before = case when r.state = 'sending' then r.not_before else excluded.not_before end,
               state = case when r.state = 'sending' then r.state else 'pending' end
         where r.reference_digest = excluded.reference_digest
        returning request_id = @id
        """;

    private const string ReferencesSql = """
        insert into commitment_reference(request_id, position, sop_class_uid, sop_instance_uid)
        select @id, position - 1, class, instance from unnest(@classes, @instances) with ordinality as u(class, instance, position)
        """;

    private const string ClaimSql = """
        with due as (
            select request_id from commitment_request
             where (state = 'pending' and not_before <= now()) or (state = 'sending' and lease_until < now())
             order by not_before limit 1 for update skip locked)
        update commitment_request r
           set state = 'sending', attempt = r.attempt + 1, fence = r.fence + 1, lease_until = now() + @Lease, lease_owner = @owner
          from due where r.request_id = due.request_id
        returning r.request_id, r.calling_ae, r.transaction_uid, r.remote_host, r.association_id, r.fence, r.attempt
        """;

    private const string EndSql = """
        update commitment_request
           set state = case when @code is null then 'reported' when created_at > now() - @MaximumAge then 'pending' else 'failed' end,
               ended_at = case when @code is null or created_at <= now() - @MaximumAge then now() end,
               lease_until = null, not_before = now() + @pause, failed_count = @failed, error_code = @code, error_detail = @detail
         where request_id = @RequestId and fence = @Fence and state = 'sending'
        returning state
        """;

    private const string ReasonsSql = """
        update commitment_reference r set failure_reason = u.reason
          from unnest(@positions, @reasons) as u(position, reason)
         where r.request_id = @RequestId and r.position = u.position and r.failure_reason is distinct from u.reason
        """;

    /// <returns>False when the transaction is here already, for other instances.</returns>
    public Task<bool> AddAsync(CommitmentRequest request, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var id = Guid.CreateVersion7();
                var isNew = await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(
                    AddSql,
                    new
                    {
                        id,
                        request.Association.CallingAe,
                        request.TransactionUid,
                        request.Association.RemoteHost,
                        AssociationId = request.Association.Id,
                        digest = Digest(request.References),
                        count = request.References.Count,
                        timing.Grace,
                    },
                    cancellationToken: cancellationToken));
                if (isNew is null)
                {
                    return false;
                }

                if (isNew.Value)
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        ReferencesSql,
                        new
                        {
                            id,
                            classes = request.References.Select(r => r.SopClassUid).ToArray(),
                            instances = request.References.Select(r => r.SopInstanceUid).ToArray(),
                        },
                        cancellationToken: cancellationToken));
                }

                await connection.WriteAsync(Event(AuditKind.CommitmentRequested, AuditOutcome.Success, request, isNew.Value ? null : "commitment.again"), cancellationToken);
                return true;
            },
            cancellationToken);

    public async Task RecordRefusalAsync(CommitmentRequest request, string reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.WriteAsync(Event(AuditKind.CommitmentRequestRefused, AuditOutcome.MinorFailure, request, reason), cancellationToken);
    }

    /// <returns>Null when nothing is due.</returns>
    public Task<RequestClaim?> TryClaimAsync(string owner, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var claim = await connection.QuerySingleOrDefaultAsync<RequestClaim>(
                    new CommandDefinition(ClaimSql, new { owner, timing.Lease }, cancellationToken: cancellationToken));
                if (claim is null)
                {
                    return null;
                }

                var references = await connection.QueryAsync<(string Class, string Instance)>(new CommandDefinition(
                    "select sop_class_uid, sop_instance_uid from commitment_reference where request_id = @RequestId order by position",
                    new { claim.RequestId },
                    cancellationToken: cancellationToken));
                return claim with { References = [.. references.Select(r => new CommitmentReference(r.Class, r.Instance))] };
            },
            cancellationToken);

    /// <summary>Ends an attempt: reported (no code), or tried again, or given up by its age.</summary>
    /// <param name="claim">Held.</param>
    /// <param name="reasons">For each reference: null for one that is kept.</param>
    /// <param name="code">What went wrong, or null.</param>
    /// <param name="detail">Of that; else how the report went.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The new state; null when the claim was lost.</returns>
    public Task<string?> TryEndAsync(RequestClaim claim, IReadOnlyList<ushort?> reasons, string? code, string detail, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var failed = reasons.Count(r => r is not null);
                var state = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                    EndSql,
                    new { claim.RequestId, claim.Fence, timing.MaximumAge, pause = timing.PauseAfter(claim.Attempt), failed, code, detail },
                    cancellationToken: cancellationToken));
                if (state is null)
                {
                    return null;
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    ReasonsSql,
                    new { claim.RequestId, positions = Enumerable.Range(0, reasons.Count).ToArray(), reasons = reasons.Select(r => (int?)r).ToArray() },
                    cancellationToken: cancellationToken));
                var (kind, outcome) = state switch
                {
                    "reported" => (AuditKind.CommitmentReported, failed == 0 ? AuditOutcome.Success : AuditOutcome.MinorFailure),
                    "pending" => (AuditKind.CommitmentReportRetried, AuditOutcome.MinorFailure),
                    _ => (AuditKind.CommitmentReportFailed, AuditOutcome.SeriousFailure),
                };
                await connection.WriteAsync(
                    new AuditEvent(kind, outcome, AuditEvent.Ae(claim.CallingAe))
                    {
                        AssociationId = claim.AssociationId,
                        Reason = code,
                        Details = new Dictionary<string, object?>
                        {
                            ["transaction"] = claim.TransactionUid,
                            ["committed"] = reasons.Count - failed,
                            ["failed"] = failed,
                            ["attempt"] = claim.Attempt,
                            ["answer"] = detail,
                        },
                    },
                    cancellationToken);
                return state;
            },
            cancellationToken);

    /// <summary>At start: what the processes before this one on the same spool held is due again.</summary>
    public async Task TakeBackAfterRestartAsync(string predecessors, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update commitment_request set lease_until = now() where state = 'sending' and lease_owner like @predecessors",
            new { predecessors },
            cancellationToken: cancellationToken));
    }

    private static byte[] Digest(IEnumerable<CommitmentReference> references) =>
        SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', references.Select(r => $"{r.SopClassUid} {r.SopInstanceUid}"))));

    private static AuditEvent Event(AuditKind kind, AuditOutcome outcome, CommitmentRequest request, string? reason) =>
        new(kind, outcome, AuditEvent.Ae(request.Association.CallingAe))
        {
            AssociationId = request.Association.Id,
            Reason = reason,
            Details = new Dictionary<string, object?>
            {
                ["transaction"] = request.TransactionUid,
                ["references"] = request.References.Count,
                ["host"] = request.Association.RemoteHost,
            },
        };
}
