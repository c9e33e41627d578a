using HSENet.Dicom.Commitment;
using HSENet.Dicom.Sending;
using HSENet.Worker.Commitment;

namespace HSENet.Integration.Tests;

/// <summary>The peers of storage commitment: they answer what they are told to, and keep what they got.</summary>
internal sealed class StandInCommitmentPeers : ICommitmentCaller
{
    public List<(string CalledAe, string TransactionUid, CommitmentReference Reference)> Asked { get; } = [];

    public List<(string Way, CommitmentResult Result)> Reports { get; } = [];

    /// <summary>Runs while a destination is asked, before its response.</summary>
    public Func<string, CommitmentReference, Task<SendOutcome.Failed?>> OnAsk { get; set; } = (_, _) => Task.FromResult<SendOutcome.Failed?>(null);

    /// <summary>Whether the sender waits where it asked.</summary>
    public bool IsWaiting { get; set; }

    public Func<RemoteNode, SendOutcome.Failed?> OnReport { get; set; } = _ => null;

    public Task<SendOutcome.Failed?> AskAsync(RemoteNode node, string transactionUid, CommitmentReference reference, CancellationToken cancellationToken)
    {
        Asked.Add((node.CalledAe, transactionUid, reference));
        return OnAsk(transactionUid, reference);
    }

    public Task<bool> TryReportAsync(Guid associationId, CommitmentResult result, CancellationToken cancellationToken)
    {
        if (IsWaiting)
            Reports.Add(("same", result));
        return Task.FromResult(IsWaiting);
    }

    public Task<SendOutcome.Failed?> ReportAsync(RemoteNode node, CommitmentResult result, CancellationToken cancellationToken)
    {
        var failed = OnReport(node);
        if (failed is null)
            Reports.Add(($"{node.CalledAe} {node.Host}:{node.Port}", result));
        return Task.FromResult(failed);
    }
}
