using HSENet.Dicom.Commitment;
using HSENet.Dicom.Receiving;
using HSENet.Worker.Hosting;
using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Commitment;

/// <summary>Takes the requests of senders and the results of destinations: durable before they are answered.</summary>
internal sealed class CommitmentReceiver(
    RequestStore requests,
    TransactionStore transactions,
    RequesterDirectory requesters,
    CommitmentSignal signal,
    DeliverySignal deliveries,
    RefusalWatch refusals,
    WorkerMetrics metrics,
    TimeProvider time,
    ILogger<CommitmentReceiver> log) : ICommitmentReceiver
{
    private const ushort ProcessingFailure = 0x0110;
    private const ushort InvalidArgument = 0x0115;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _unknown = new();
    private long? _unknownTold; // timestamp
    private int _unknownUntold;

    public bool MayAsk(AssociationContext association) => requesters.Find(association.CallingAe, association.RemoteHost) is not null;

    public async ValueTask<CommitmentReply> OnUnentitledAsync(AssociationContext association, CancellationToken cancellationToken)
    {
        metrics.Refused("message", "commitment.no-address");
        await refusals.TellCommitmentAsync(association, "commitment.no-address", cancellationToken);
        return new CommitmentReply(ProcessingFailure, "no address is configured for the calling AE");
    }

    public async ValueTask<CommitmentReply> OnRequestAsync(CommitmentRequest request, CancellationToken cancellationToken)
    {
        if (!MayAsk(request.Association))
        {
            return await OnUnentitledAsync(request.Association, cancellationToken);
        }

        if (!await requests.AddAsync(request, cancellationToken))
        {
            metrics.Refused("message", "commitment.transaction-reused");
            await requests.RecordRefusalAsync(request, "commitment.transaction-reused", cancellationToken);
            return new CommitmentReply(InvalidArgument, "the Transaction UID was used for other instances");
        }

        CommitmentLog.Requested(log, request.Association.CallingAe, request.References.Count);
        signal.Signal.Pulse();
        return CommitmentReply.Success;
    }

    public async ValueTask<CommitmentReply> OnResultAsync(CommitmentResult result, CancellationToken cancellationToken)
    {
        switch (await transactions.TakeResultAsync(result, cancellationToken))
        {
            case null:
                TellUnknown();
                return new CommitmentReply(InvalidArgument, "no such transaction of ours");
            case { State: "committed", IsNews: true } told:
                CommitmentLog.Committed(log, told.JobId, told.Destination);
                break;
            case { State: "refused", IsNews: true } told:
                CommitmentLog.Refused(log, told.JobId, told.Destination, told.Reason ?? 0, told.DeliveryState);
                deliveries.Signal.Pulse();
                break;
        }

        return CommitmentReply.Success;
    }

    /// <summary>Anybody who is let in may send results of whatever: one line a minute.</summary>
    private void TellUnknown()
    {
        lock (_unknown)
        {
            if (_unknownTold is { } told && time.GetElapsedTime(told) < Window)
            {
                _unknownUntold++;
                return;
            }

            CommitmentLog.UnknownTransaction(log, _unknownUntold);
            _unknownTold = time.GetTimestamp();
            _unknownUntold = 0;
        }
    }
}
