using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Answer to an action (PS3.7 10.1.4).</summary>
public sealed class DicomNActionResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomNActionResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomNActionResponse(DicomNActionRequest request, DicomStatus status)
        : base(request, status)
    {
    }

    /// <summary>Affected SOP Instance UID (0000,1000); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);

    /// <summary>Action Type ID (0000,1008); 0 when it is missing.</summary>
    public ushort ActionTypeID => Command.GetSingleValueOrDefault<ushort>(DicomTag.ActionTypeID, 0);
}
