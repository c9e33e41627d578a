using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Answer to a deletion (PS3.7 10.1.6).</summary>
public sealed class DicomNDeleteResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomNDeleteResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomNDeleteResponse(DicomNDeleteRequest request, DicomStatus status)
        : base(request, status)
    {
    }

    /// <summary>Affected SOP Instance UID (0000,1000); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);
}
