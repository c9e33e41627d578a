using HSENet.Dicom.Commitment;
using HSENet.Dicom.Sending;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Commitment;

/// <summary>The wire of storage commitment.</summary>
internal interface ICommitmentCaller
{
    /// <summary>Asks a destination to keep an instance. Null: it has taken the request.</summary>
    Task<SendOutcome.Failed?> AskAsync(RemoteNode node, string transactionUid, CommitmentReference reference, CancellationToken cancellationToken);

    /// <summary>Reports where the request came from, if its sender waits there. False: it does not.</summary>
    Task<bool> TryReportAsync(Guid associationId, CommitmentResult result, CancellationToken cancellationToken);

    /// <summary>Reports on an association of our own. Null: the peer has taken it.</summary>
    Task<SendOutcome.Failed?> ReportAsync(RemoteNode node, CommitmentResult result, CancellationToken cancellationToken);
}

/// <summary>Real associations.</summary>
internal sealed class CommitmentCaller(IngestServer server, ICommitmentReceiver receiver) : ICommitmentCaller
{
    public Task<SendOutcome.Failed?> AskAsync(RemoteNode node, string transactionUid, CommitmentReference reference, CancellationToken cancellationToken) =>
        CommitmentScu.RequestAsync(node, transactionUid, [reference], receiver, cancellationToken);

    public Task<bool> TryReportAsync(Guid associationId, CommitmentResult result, CancellationToken cancellationToken) =>
        server.TryReportAsync(associationId, result, cancellationToken);

    public Task<SendOutcome.Failed?> ReportAsync(RemoteNode node, CommitmentResult result, CancellationToken cancellationToken) =>
        CommitmentScu.ReportAsync(node, result, cancellationToken);
}
