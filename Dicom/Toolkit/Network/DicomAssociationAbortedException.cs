namespace FellowOakDicom.Network;

/// <summary>The association ended with an A-ABORT. Requests without a response were not confirmed by the peer.</summary>
public class DicomAssociationAbortedException(DicomAbortSource source, DicomAbortReason reason)
    : DicomNetworkException($"Association aborted [source: {source}; reason: {reason}]")
{
    public DicomAbortSource AbortSource { get; } = source;

    public DicomAbortReason AbortReason { get; } = reason;
}
