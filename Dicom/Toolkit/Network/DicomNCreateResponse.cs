using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>Answer to the making of an instance (PS3.7 10.1.5).</summary>
public sealed class DicomNCreateResponse : DicomResponse
{
    /// <summary>A response as received.</summary>
    public DicomNCreateResponse(DicomDataset command)
        : base(command)
    {
    }

    public DicomNCreateResponse(DicomNCreateRequest request, DicomStatus status)
        : base(request, status)
    {
    }

    /// <summary>Affected SOP Instance UID (0000,1000); null when it is missing.</summary>
    public DicomUID? SOPInstanceUID => Command.Uid(DicomTag.AffectedSOPInstanceUID);
}
