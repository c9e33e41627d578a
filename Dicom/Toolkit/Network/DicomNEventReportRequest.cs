using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Reports an event about an instance (PS3.7 10.1.1). Invoked by the SCP of the class.</summary>
public sealed class DicomNEventReportRequest : DicomRequest
{
    public ResponseDelegate? OnResponseReceived;

    /// <summary>A request as received.</summary>
    public DicomNEventReportRequest(DicomDataset command)
        : base(command)
    {
    }

    public DicomNEventReportRequest(DicomUID affectedClassUid, DicomUID affectedInstanceUid, ushort eventTypeId)
        : base(DicomCommandField.NEventReportRequest, affectedClassUid)
    {
        ArgumentNullException.ThrowIfNull(affectedInstanceUid);
        Command.AddOrUpdate(DicomTag.AffectedSOPInstanceUID, affectedInstanceUid);
        Command.AddOrUpdate(DicomTag.EventTypeID, eventTypeId);
    }

    public delegate void ResponseDelegate(DicomNEventReportRequest request, DicomNEventReportResponse response);

    /// <summary>Affected SOP Instance UID (0000,1000); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);

    /// <summary>Event Type ID (0000,1002); 0 when it is missing.</summary>
    public ushort EventTypeID => Command.GetSingleValueOrDefault<ushort>(DicomTag.EventTypeID, 0);

    internal override void PostResponse(DicomResponse response) => OnResponseReceived?.Invoke(this, (DicomNEventReportResponse)response);

    internal override DicomResponse CreateResponse(DicomDataset command) => new DicomNEventReportResponse(command);

    internal override DicomResponse CreateResponse(DicomStatus status) => new DicomNEventReportResponse(this, status);
}
