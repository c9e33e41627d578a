using System.Collections.Concurrent;
using HSENet.Dicom.Commitment;

namespace HSENet.Dicom.Tests.Commitment;

/// <summary>Records what it is told, and answers what it is told to.</summary>
internal sealed class RecordingCommitment : ICommitmentReceiver
{
    public ConcurrentQueue<CommitmentRequest> Requests { get; } = new();

    public ConcurrentQueue<CommitmentResult> Results { get; } = new();

    public Func<CommitmentReply> Answer { get; set; } = () => CommitmentReply.Success;

    public ValueTask<CommitmentReply> OnRequestAsync(CommitmentRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        return new(Answer());
    }

    public ValueTask<CommitmentReply> OnResultAsync(CommitmentResult result, CancellationToken cancellationToken)
    {
        Results.Enqueue(result);
        return new(Answer());
    }
}
