using HSENet.Dicom.Receiving;

namespace HSENet.Dicom.Commitment;

/// <summary>What the host does with storage commitment (PS3.4 J), as both parties. An exception is answered with 0110: the peer tries again.</summary>
public interface ICommitmentReceiver
{
    /// <summary>Whether this peer may ask us to keep instances at all; else its requests are not read. Must not block.</summary>
    bool MayAsk(AssociationContext association) => true;

    /// <summary>A peer that may not ask has asked.</summary>
    ValueTask<CommitmentReply> OnUnentitledAsync(AssociationContext association, CancellationToken cancellationToken) =>
        new(new CommitmentReply(CommitmentStatus.ProcessingFailure, "the calling AE may not ask for storage commitment"));

    /// <summary>A peer asks us to keep instances. Success means that the request is durable and will be reported on.</summary>
    ValueTask<CommitmentReply> OnRequestAsync(CommitmentRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// A peer tells what became of a request of ours: on whatever association, before or long after its response, perhaps more than once. Success means that it
    /// need not be told again.
    /// </summary>
    ValueTask<CommitmentReply> OnResultAsync(CommitmentResult result, CancellationToken cancellationToken);
}
