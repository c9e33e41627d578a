namespace FellowOakDicom.Network;

/// <summary>The peer answered the association request with an A-ASSOCIATE-RJ.</summary>
public class DicomAssociationRejectedException(DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason)
    : DicomNetworkException($"Association rejected [result: {result}; source: {source}; reason: {reason}]")
{
    public DicomRejectResult RejectResult { get; } = result;

    public DicomRejectSource RejectSource { get; } = source;

    public DicomRejectReason RejectReason { get; } = reason;
}
