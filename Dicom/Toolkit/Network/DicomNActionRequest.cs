using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Asks for an action on an instance, storage commitment for one (PS3.7 10.1.4).</summary>
public sealed class DicomNActionRequest : DicomRequest
{
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomNActionRequest(DicomDataset command)
        : base(command)
    {
    }

    public DicomNActionRequest(DicomUID requestedClassUid, DicomUID requestedInstanceUid, ushort actionTypeId)
        : base(DicomCommandField.NActionRequest, requestedClassUid)
    {
        ArgumentNullException.ThrowIfNull(requestedInstanceUid);
        Command.AddOrUpdate(DicomTag.RequestedSOPInstanceUID, requestedInstanceUid);
        Command.AddOrUpdate(DicomTag.ActionTypeID, actionTypeId);
    }

    public delegate void ResponseDelegate(DicomNActionRequest request, DicomNActionResponse response);

    /// <summary>Requested SOP Instance UID (0000,1001); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.RequestedSOPInstanceUID);

    /// <summary>Action Type ID (0000,1008); 0 when it is missing.</summary>
    public ushort ActionTypeID => Command.GetSingleValueOrDefault<ushort>(DicomTag.ActionTypeID, 0);

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomNActionResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomNActionResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomNActionResponse(this, status);
}
