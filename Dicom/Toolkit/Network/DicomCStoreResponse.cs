namespace FellowOakDicom.Network;

/// <summary>Answer to a request to store an instance (PS3.7 9.1.1, PS3.4 B.2.3).</summary>
public sealed class DicomCStoreResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomCStoreResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomCStoreResponse(DicomCStoreRequest request, DicomStatus status)
        : base(request, status)
    {
    }
}
