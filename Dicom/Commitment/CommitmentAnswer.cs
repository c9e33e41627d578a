using FellowOakDicom.Network;
using HSENet.Dicom.Guarding;

namespace HSENet.Dicom.Commitment;

/// <summary>Answers the messages of a peer: always, and never by an exception.</summary>
internal static class CommitmentAnswer
{
    /// <param name="report">The message.</param>
    /// <param name="refusal">Why its data set is not there; null: nothing is amiss.</param>
    /// <param name="receiver">Told of a sound one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<DicomNEventReportResponse> ToReportAsync(
        DicomNEventReportRequest report, MessageRefusal? refusal, ICommitmentReceiver receiver, CancellationToken cancellationToken)
    {
        if (refusal is not null)
            return new DicomNEventReportResponse(report, CommitmentStatus.ToToolkit(new(refusal.Status, refusal.Comment)));
        CommitmentReply reply;
        try
        {
            reply = CommitmentMessage.TryRead(report, out var result);
            if (result is not null)
                reply = await receiver.OnResultAsync(result, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            reply = new(CommitmentStatus.ProcessingFailure, "the result could not be recorded");
        }

        return new DicomNEventReportResponse(report, CommitmentStatus.ToToolkit(reply));
    }
}
