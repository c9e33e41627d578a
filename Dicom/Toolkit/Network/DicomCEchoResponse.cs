namespace FellowOakDicom.Network;

/// <summary>Verification response (PS3.7 9.1.5).</summary>
public sealed class DicomCEchoResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomCEchoResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomCEchoResponse(DicomCEchoRequest request, DicomStatus status)
        : base(request, status)
    {
    }
}
