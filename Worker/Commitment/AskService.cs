using System.Net;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Sending;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Commitment;

/// <summary>Asks destinations to commit to the reports that they stored, again when no answer comes. One loop for each destination.</summary>
internal sealed class AskService(
    WorkerSettings settings,
    TransactionStore store,
    DestinationNodes nodes,
    ICommitmentCaller caller,
    DeliverySignal signal,
    ProcessIdentity identity,
    SweepLoop loop,
    ILogger<AskService> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TellOfClosedDoors();
        var asking = settings.Destinations.Where(d => d.StorageCommitment).Select(d => loop.RunAsync(
            $"storage commitment of {d.Name}", signal.Signal, token => SweepAsync(d, token), stoppingToken));
        return Task.WhenAll([loop.RunAsync("storage commitment answers", signal.Signal, ExpireAsync, stoppingToken), .. asking]);
    }

    /// <returns>True when something was asked: more may wait.</returns>
    internal async Task<bool> SweepAsync(DestinationOptions destination, CancellationToken cancellationToken)
    {
        var claim = await store.TryClaimAsync(destination.Name, identity.LeaseOwner, cancellationToken);
        if (claim is null)
        {
            return false;
        }

        if (await AskAsync(destination, claim) is not { } failed)
        {
            if (await store.TryAskedAsync(claim, CancellationToken.None))
            {
                CommitmentLog.Asked(log, claim.JobId, claim.Destination, claim.Round);
            }

            return true;
        }

        var code = failed.Code.Replace("delivery.", "commitment.", StringComparison.Ordinal);
        switch (await store.TryAskFailedAsync(claim, code, OperatorText.Clean(failed.Detail), CancellationToken.None))
        {
            case "stored":
                CommitmentLog.AskRetried(log, claim.JobId, claim.Destination, claim.Round, code, failed.Detail);
                break;
            case "failed":
                CommitmentLog.GivenUp(log, claim.JobId, claim.Destination, claim.Round, code);
                break;
        }

        return true;
    }

    /// <returns>True when a question had run out of time: more may have.</returns>
    internal async Task<bool> ExpireAsync(CancellationToken cancellationToken)
    {
        if (await store.TryExpireAsync(cancellationToken) is not { } late)
        {
            return false;
        }

        if (late.State == "failed")
        {
            CommitmentLog.GivenUp(log, late.Claim.JobId, late.Claim.Destination, late.Claim.Round, "commitment.no-answer");
        }
        else
        {
            CommitmentLog.Unanswered(log, late.Claim.JobId, late.Claim.Destination, late.Claim.Round);
        }

        return true;
    }

    private async Task<SendOutcome.Failed?> AskAsync(DestinationOptions destination, TransactionClaim claim)
    {
        try
        {
            var reference = new CommitmentReference(claim.SopClassUid, claim.SopInstanceUid);
            return await caller.AskAsync(nodes.Of(destination), claim.TransactionUid, reference, CancellationToken.None);
        }
#pragma warning disable CA1031 // asked again later
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new SendOutcome.Failed("delivery.exception", e.GetType().Name, IsTransient: true);
        }
    }

    /// <summary>Most destinations answer on an association of their own: one that may not call us never commits.</summary>
    private void TellOfClosedDoors()
    {
        foreach (var destination in settings.Destinations.Where(d => d.StorageCommitment && !MayCall(d)))
        {
            CommitmentLog.ClosedDoor(log, destination.Name);
        }
    }

    private bool MayCall(DestinationOptions destination) => settings.Dicom.Sources.Count == 0
        ? destination.Host == "localhost" || (IPAddress.TryParse(destination.Host, out var address) && IPAddress.IsLoopback(address))
        : settings.Dicom.Sources.Exists(s => string.Equals(s.AeTitle, destination.AeTitle, StringComparison.Ordinal));
}
