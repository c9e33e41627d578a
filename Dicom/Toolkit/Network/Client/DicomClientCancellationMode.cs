namespace FellowOakDicom.Network.Client;

/// <summary>What happens to the association when sending is cancelled. Of the operations under way only queries can be cancelled; others are aborted.</summary>
public enum DicomClientCancellationMode
{
    ImmediatelyReleaseAssociation,
    ImmediatelyAbortAssociation,
}
