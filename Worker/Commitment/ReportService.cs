using HSENet.Dicom.Commitment;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Commitment;

/// <summary>Checks what senders asked us to keep, and tells them: where they asked if they wait there, else on an association of our own, until they have taken it.</summary>
internal sealed class ReportService(
    RequestStore store,
    SpoolVerifier verifier,
    RequesterDirectory requesters,
    ICommitmentCaller caller,
    CommitmentSignal signal,
    ProcessIdentity identity,
    SweepLoop loop,
    ILogger<ReportService> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("storage commitment reports", signal.Signal, SweepAsync, stoppingToken);

    /// <returns>True when something was reported: more may wait.</returns>
    internal async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var claim = await store.TryClaimAsync(identity.LeaseOwner, cancellationToken);
        if (claim is null)
        {
            return false;
        }

        // checked anew each time: what was kept at the last attempt may be gone
        var reasons = await verifier.VerifyAsync(claim.References, cancellationToken);
        var (code, detail) = await TellAsync(claim, ResultOf(claim, reasons));
        var state = await store.TryEndAsync(claim, reasons, code, OperatorText.Clean(detail), CancellationToken.None);
        var failed = reasons.Count(r => r is not null);
        switch (state)
        {
            case "reported":
                CommitmentLog.Reported(log, claim.CallingAe, reasons.Count - failed, failed, detail);
                break;
            case "pending":
                CommitmentLog.ReportRetried(log, claim.CallingAe, claim.Attempt, code!, detail);
                break;
            case "failed":
                CommitmentLog.ReportFailed(log, claim.CallingAe, claim.Attempt, code!, detail);
                break;
        }

        return true;
    }

    private async Task<(string? Code, string Detail)> TellAsync(RequestClaim claim, CommitmentResult result)
    {
        try
        {
            if (await caller.TryReportAsync(claim.AssociationId, result, CancellationToken.None))
            {
                return (null, "same association");
            }

            if (requesters.Find(claim.CallingAe, claim.RemoteHost) is not { } node)
            {
                return ("commitment.no-address", "no address is configured for the AE title");
            }

            return await caller.ReportAsync(node, result, CancellationToken.None) is { } failed
                ? (failed.Code.Replace("delivery.", "commitment.", StringComparison.Ordinal), failed.Detail)
                : (null, "own association");
        }
#pragma warning disable CA1031 // told again later
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ("commitment.exception", e.GetType().Name);
        }
    }

    private static CommitmentResult ResultOf(RequestClaim claim, IReadOnlyList<ushort?> reasons)
    {
        var judged = claim.References.Zip(reasons).ToList();
        return new CommitmentResult(
            claim.TransactionUid,
            [.. judged.Where(j => j.Second is null).Select(j => j.First)],
            [.. judged.Where(j => j.Second is not null).Select(j => new CommitmentFailure(j.First, j.Second!.Value))]);
    }
}
