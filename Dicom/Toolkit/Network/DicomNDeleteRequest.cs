using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Deletes an instance (PS3.7 10.1.6).</summary>
public sealed class DicomNDeleteRequest : DicomRequest
{
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomNDeleteRequest(DicomDataset command)
        : base(command)
    {
    }

    public DicomNDeleteRequest(DicomUID requestedClassUid, DicomUID requestedInstanceUid)
        : base(DicomCommandField.NDeleteRequest, requestedClassUid)
    {
        ArgumentNullException.ThrowIfNull(requestedInstanceUid);
        Command.AddOrUpdate(DicomTag.RequestedSOPInstanceUID, requestedInstanceUid);
    }

    public delegate void ResponseDelegate(DicomNDeleteRequest request, DicomNDeleteResponse response);

    /// <summary>Requested SOP Instance UID (0000,1001); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.RequestedSOPInstanceUID);

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomNDeleteResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomNDeleteResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomNDeleteResponse(this, status);
}
