using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Makes an instance (PS3.7 10.1.5).</summary>
public sealed class DicomNCreateRequest : DicomRequest
{
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomNCreateRequest(DicomDataset command)
        : base(command)
    {
    }

    /// <param name="affectedClassUid">Class of the instance.</param>
    /// <param name="affectedInstanceUid">Null: the SCP chooses the UID.</param>
    public DicomNCreateRequest(DicomUID affectedClassUid, DicomUID? affectedInstanceUid)
        : base(DicomCommandField.NCreateRequest, affectedClassUid)
    {
        if (affectedInstanceUid is not null)
        {
            Command.AddOrUpdate(DicomTag.AffectedSOPInstanceUID, affectedInstanceUid);
        }
    }

    public delegate void ResponseDelegate(DicomNCreateRequest request, DicomNCreateResponse response);

    /// <summary>Affected SOP Instance UID (0000,1000); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomNCreateResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomNCreateResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomNCreateResponse(this, status);
}
