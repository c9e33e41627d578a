namespace FellowOakDicom.Network;

/// <summary>A match, or the end of a query (PS3.7 9.1.2, PS3.4 C.4.1).</summary>
public sealed class DicomCFindResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomCFindResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomCFindResponse(DicomCFindRequest request, DicomStatus status)
        : base(request, status)
    {
    }
}
