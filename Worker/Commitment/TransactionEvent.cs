using HSENet.Worker.Audit;

namespace HSENet.Worker.Commitment;

/// <summary>Audit rows of what we ask of destinations.</summary>
internal static class TransactionEvent
{
    public static AuditEvent Of(TransactionClaim claim, AuditKind kind, AuditOutcome outcome, string? reason, string? answer) =>
        new(kind, outcome, AuditEvent.Service)
        {
            SeriesKey = claim.SeriesKey,
            JobId = claim.JobId,
            Destination = claim.Destination,
            SopInstanceUid = claim.SopInstanceUid,
            Reason = reason,
            Details = new Dictionary<string, object?> { ["transaction"] = claim.TransactionUid, ["round"] = claim.Round, ["answer"] = answer },
        };
}
