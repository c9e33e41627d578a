using FellowOakDicom.Network;
using HSENet.Dicom.Sending;

namespace HSENet.Dicom.Commitment;

/// <summary>
/// Storage commitment on associations that we open (PS3.4 J): requests as SCU, results as SCP with the roles reversed. Nothing is thrown for what the peer does.
/// </summary>
public static class CommitmentScu
{
    /// <summary>How long an association stays open after the response, for a peer that reports at once on the same one.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    /// <summary>N-ACTION. Null: the peer will report, perhaps has already.</summary>
    /// <param name="node">The peer.</param>
    /// <param name="transactionUid">New for each request.</param>
    /// <param name="references">What it should keep.</param>
    /// <param name="receiver">Takes a result that comes on this very association.</param>
    /// <param name="cancellationToken">Aborts.</param>
    public static Task<SendOutcome.Failed?> RequestAsync(
        RemoteNode node,
        string transactionUid,
        IReadOnlyList<CommitmentReference> references,
        ICommitmentReceiver receiver,
        CancellationToken cancellationToken) =>
        RequestAsync(node, transactionUid, references, receiver, ScuLimits.Default, cancellationToken);

    /// <summary>N-EVENT-REPORT. Null: the peer has taken it.</summary>
    public static Task<SendOutcome.Failed?> ReportAsync(RemoteNode node, CommitmentResult result, CancellationToken cancellationToken) =>
        ReportAsync(node, result, ScuLimits.Default, cancellationToken);

    internal static async Task<SendOutcome.Failed?> RequestAsync(
        RemoteNode node,
        string transactionUid,
        IReadOnlyList<CommitmentReference> references,
        ICommitmentReceiver receiver,
        ScuLimits limits,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        await using var association = new ScuAssociation(node, limits);
        association.ListenForEvents((report, refusal) => CommitmentAnswer.ToReportAsync(report, refusal, receiver, cancellationToken), Linger);
        var request = CommitmentMessage.ToRequest(transactionUid, references);
        PeerAnswer? answer = null;
        request.OnResponseReceived = (_, response) => answer = PeerAnswer.Of(response);
        await association.AddAsync(request).ConfigureAwait(false);
        var failure = await association.RunAsync(cancellationToken).ConfigureAwait(false);
        return Judge(association, answer, failure);
    }

    internal static async Task<SendOutcome.Failed?> ReportAsync(RemoteNode node, CommitmentResult result, ScuLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        await using var association = new ScuAssociation(node, limits);
        association.ProposeAsProvider(CommitmentMessage.SopClass);
        var report = CommitmentMessage.ToReport(result);
        PeerAnswer? answer = null;
        report.OnResponseReceived = (_, response) => answer = PeerAnswer.Of(response);
        await association.AddAsync(report).ConfigureAwait(false);
        var failure = await association.RunAsync(cancellationToken).ConfigureAwait(false);
        return Judge(association, answer, failure);
    }

    /// <summary>A response counts, however the association ended after it.</summary>
    private static SendOutcome.Failed? Judge(ScuAssociation association, PeerAnswer? answer, SendOutcome.Failed? failure) => answer switch
    {
        null => failure ?? SendFailure.NoAnswer,
        { Status.Meaning: StatusMeaning.Success } => null,
        { Status.Code: 0x0122 } when !association.Accepts(CommitmentMessage.SopClass.UID) => SendFailure.RefusedContext(CommitmentMessage.SopClass.UID),
        _ => SendFailure.Answered(answer),
    };
}
