using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Changes attributes of an instance (PS3.7 10.1.3).</summary>
public sealed class DicomNSetRequest : DicomRequest
{
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomNSetRequest(DicomDataset command)
        : base(command)
    {
    }

    public DicomNSetRequest(DicomUID requestedClassUid, DicomUID requestedInstanceUid)
        : base(DicomCommandField.NSetRequest, requestedClassUid)
    {
        ArgumentNullException.ThrowIfNull(requestedInstanceUid);
        Command.AddOrUpdate(DicomTag.RequestedSOPInstanceUID, requestedInstanceUid);
    }

    public delegate void ResponseDelegate(DicomNSetRequest request, DicomNSetResponse response);

    /// <summary>Requested SOP Instance UID (0000,1001); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.RequestedSOPInstanceUID);

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomNSetResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomNSetResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomNSetResponse(this, status);
}
