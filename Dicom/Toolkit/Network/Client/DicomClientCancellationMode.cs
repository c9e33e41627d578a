namespace FellowOakDicom.Network.Client;

/// <summary>What happens to the association when sending is cancelled. An operation under way can only be aborted.</summary>
public enum DicomClientCancellationMode
{
    ImmediatelyReleaseAssociation,
    ImmediatelyAbortAssociation,
}
