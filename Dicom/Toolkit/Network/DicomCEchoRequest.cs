namespace FellowOakDicom.Network;

/// <summary>Verification request (PS3.7 9.1.5).</summary>
public sealed class DicomCEchoRequest : DicomRequest
{
    public ResponseDelegate? OnResponseReceived;

    public DicomCEchoRequest()
        : base(DicomCommandField.CEchoRequest, DicomUID.Verification)
    {
    }

    /// <summary>A request as received.</summary>
    public DicomCEchoRequest(DicomDataset command)
        : base(command)
    {
    }

    public delegate void ResponseDelegate(DicomCEchoRequest request, DicomCEchoResponse response);

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomCEchoResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomCEchoResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomCEchoResponse(this, status);
}
