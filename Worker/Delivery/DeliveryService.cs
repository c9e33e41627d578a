using System.Diagnostics;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Sending;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Delivery;

/// <summary>Sends what waits, one loop for each destination: one that is down keeps no other waiting.</summary>
internal sealed class DeliveryService(
    WorkerSettings settings,
    DeliveryStore store,
    IReportSender sender,
    ReportKeeper keeper,
    DestinationNodes nodes,
    DestinationPauses pauses,
    NegotiatedClasses classes,
    DeliverySignal signal,
    ProcessIdentity identity,
    SweepLoop loop,
    WorkObservers observers,
    WorkerMetrics metrics,
    KeptOutcome kept,
    TimeProvider time,
    ILogger<DeliveryService> log) : BackgroundService
{
    private const ushort DuplicateInstance = 0x0111;

    /// <summary>Between two looks for what waits for nobody.</summary>
    internal static readonly TimeSpan OrphanPeriod = TimeSpan.FromHours(1);

    private long? _lookedForOrphans;
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        var loops = settings.Destinations.Select(d => loop.RunAsync(
            $"delivery to {d.Name}", signal.Signal, token => SweepAsync(d, token), stoppingToken));
        var orphans = loop.RunAsync(
            "delivery",
            signal.Signal,
            async token =>
            {
                await LookForOrphansAsync(token);
                return false;
            },
            stoppingToken);
        await Task.WhenAll([orphans, .. loops]);
    }

    /// <summary>At the start and every hour: what waits for a destination that left the settings is told, and fails when it has waited too long.</summary>
    internal async Task LookForOrphansAsync(CancellationToken cancellationToken)
    {
        if (_lookedForOrphans is { } last && time.GetElapsedTime(last) < OrphanPeriod)
        {
            return;
        }

        string[] known = [.. settings.Destinations.Select(d => d.Name)];
        await store.FailOrphansAsync(known, cancellationToken);
        var waiting = await store.CountOrphansAsync(known, cancellationToken);
        _lookedForOrphans = time.GetTimestamp();
        if (waiting > 0)
        {
            DeliveryLog.UnknownDestination(log, waiting);
        }
    }

    /// <returns>True when something was sent: more may wait.</returns>
    internal async Task<bool> SweepAsync(DestinationOptions destination, CancellationToken cancellationToken)
    {
        if (pauses.IsPaused(destination.Name))
        {
            return false;
        }

        var claim = await store.TryClaimAsync(destination.Name, identity.LeaseOwner, classes.Of(destination), cancellationToken);
        if (claim is null)
        {
            return false;
        }

        using var span = Tracing.Start("hsenet.deliver", claim.TraceContext, ActivityKind.Client);
        span?.SetTag("hsenet.job", claim.JobId).SetTag("hsenet.destination", claim.Destination).SetTag("hsenet.attempt", claim.Attempt);

        // a report that is under way is finished even while the host stops; the sender has its own time limits
        var begun = Stopwatch.GetTimestamp();
        (claim, var outcome) = await NegotiateAsync(destination, claim);
        if (outcome is SendOutcome.Failed { IsTransient: true, Status: null })
        {
            pauses.Failed(destination.Name);
        }
        else
        {
            pauses.Answered(destination.Name);
        }

        switch (outcome)
        {
            case SendOutcome.Stored:
                await StoredAsync(destination, claim, null, begun);
                break;
            case SendOutcome.StoredWithWarning warning:
                await StoredAsync(destination, claim, warning.Answer ?? new PeerAnswer(DimseStatus.Of(warning.Status)), begun);
                break;
            case SendOutcome.Failed { Status: DuplicateInstance } duplicate:
                // under its UID no other bytes are ever sent: an attempt got through whose answer did not, or which a restored database
                // does not know of
                await StoredAsync(destination, claim, duplicate.Answer ?? new PeerAnswer(DimseStatus.Of(DuplicateInstance)), begun);
                break;
            case SendOutcome.Failed failed:
                span.Fail(failed.Code);
                await FailedAsync(claim, failed);
                break;
        }

        return true;
    }

    /// <summary>
    /// Sends; where the destination takes another class only, and nothing has left for it yet, in that one. What it was settled on before
    /// is kept: it may hold the report, though its answer did not come.
    /// </summary>
    private async Task<(DeliveryClaim Claim, SendOutcome Outcome)> NegotiateAsync(DestinationOptions destination, DeliveryClaim claim)
    {
        var outcome = await SendAsync(destination, claim);
        if (outcome is not SendOutcome.Failed { Code: "delivery.refused-context", Accepted: { } accepted } || claim.SettledClass is not null
            || SrClasses.Parse(destination.SrClass) is not null || SrClasses.Best(accepted) is not { } taken || taken == claim.SrClass)
        {
            return (claim, outcome);
        }

        classes.Learn(destination.Name, taken);
        var switched = await WriteAsync(claim, () => store.TrySwitchAsync(claim, taken, CancellationToken.None));
        return switched is null ? (claim, outcome) : (switched, await SendAsync(destination, switched));
    }

    private async Task<SendOutcome> SendAsync(DestinationOptions destination, DeliveryClaim claim)
    {
        // the settings may have changed since the delivery was made
        if (!destination.AllowDemonstration && claim.ModelPurpose == Receivers.DemonstrationPurpose)
        {
            return new SendOutcome.Failed(Receivers.Demonstration, "the model is a demonstration and the destination does not allow it", IsTransient: false);
        }

        try
        {
            // what was sent once must be at hand if the database is lost
            await keeper.KeepForSendingAsync(claim, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SendOutcome.Failed("spool.report", e.GetType().Name, IsTransient: true);
        }

        var node = nodes.Of(destination);
        try
        {
            return await sender.SendAsync(node, claim.Document, CancellationToken.None);
        }
#pragma warning disable CA1031 // a report that cannot be sent now is tried again
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new SendOutcome.Failed("delivery.exception", e.GetType().Name, IsTransient: true);
        }
    }

    private async Task StoredAsync(DestinationOptions destination, DeliveryClaim claim, PeerAnswer? remark, long begun)
    {
        if (await WriteAsync(claim, () => store.TryStoreAsync(claim, remark, destination.StorageCommitment, CancellationToken.None)))
        {
            DeliveryLog.Stored(log, claim.JobId, claim.Destination, claim.Attempt, remark?.ToString() ?? "status 0000 Success");
            metrics.Delivered(claim.Destination, claim.JobAgeSeconds + Stopwatch.GetElapsedTime(begun).TotalSeconds);
            signal.Signal.Pulse(); // storage commitment is next
            Tell(claim, "stored", remark is null ? null : "delivery.warning", remark?.Status.Code.ToString("X4", null));
        }
    }

    private async Task FailedAsync(DeliveryClaim claim, SendOutcome.Failed failed)
    {
        var transition = await WriteAsync(claim, () => store.TryFailAsync(claim, failed, IsWorthRetrying(failed), CancellationToken.None));
        var state = transition?.State;
        if (state == "failed")
        {
            DeliveryLog.Failed(log, claim.JobId, claim.Destination, claim.Attempt, failed.Code, failed.Detail);
        }
        else if (state is not null)
        {
            DeliveryLog.Retried(log, claim.JobId, claim.Destination, claim.Attempt, failed.Code, failed.Detail);
        }

        if (transition?.HeldBack is { } waiting)
        {
            DeliveryLog.DestinationStopped(log, claim.Destination, failed.Detail, waiting);
        }

        if (state is not null)
        {
            Tell(claim, state, failed.Code, failed.Detail);

            // its series may have closed as something else meanwhile
            await WriteAsync(claim, () => store.EndOutdatedAsync(claim, CancellationToken.None));
        }
    }

    /// <summary>
    /// What was sent is not sent again because the database is away: its outcome is kept until it is written, or the host stops.
    /// </summary>
    private Task<T> WriteAsync<T>(DeliveryClaim claim, Func<Task<T>> write) => kept.WriteAsync("delivery of job", claim.JobId, write, _stopping);

    /// <summary>
    /// Only a peer's verdict on the document itself, and ours that it must not go there or not by this build, is final: a title or a
    /// context that it does not know is corrected by somebody.
    /// </summary>
    private static bool IsWorthRetrying(SendOutcome.Failed failed) =>
        failed.IsTransient || failed.Code is not ("delivery.status" or Receivers.Demonstration or SendOutcome.Failed.Unguarded);

    private void Tell(DeliveryClaim claim, string state, string? code, string? detail)
    {
        metrics.DeliveryAttempted(claim.Destination, state);
        observers.Tell(o => o.DeliveryAttempted(new DeliveryAttempt(claim.JobId, claim.Destination, state, code, detail)));
    }
}
