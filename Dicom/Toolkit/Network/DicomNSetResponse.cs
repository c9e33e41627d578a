using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Answer to a change of attributes (PS3.7 10.1.3).</summary>
public sealed class DicomNSetResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomNSetResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomNSetResponse(DicomNSetRequest request, DicomStatus status)
        : base(request, status)
    {
    }

    /// <summary>Affected SOP Instance UID (0000,1000); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);
}
