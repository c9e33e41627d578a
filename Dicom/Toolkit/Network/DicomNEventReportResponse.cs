using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Answer to an event (PS3.7 10.1.1).</summary>
public sealed class DicomNEventReportResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomNEventReportResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomNEventReportResponse(DicomNEventReportRequest request, DicomStatus status)
        : base(request, status)
    {
    }

    /// <summary>Affected SOP Instance UID (0000,1000); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);

    /// <summary>Event Type ID (0000,1002); 0 when it is missing.</summary>
    public ushort EventTypeID => Command.GetSingleValueOrDefault<ushort>(DicomTag.EventTypeID, 0);
}
