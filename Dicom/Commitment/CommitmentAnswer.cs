using FellowOakDicom.Network;

namespace HSENet.Dicom.Commitment;

/// <summary>Answers the messages of a peer: always, and never by an exception.</summary>
internal static class CommitmentAnswer
{
    public static async Task<DicomNEventReportResponse> ToReportAsync(
        DicomNEventReportRequest report, ICommitmentReceiver receiver, CancellationToken cancellationToken)
    {
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
