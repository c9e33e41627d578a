using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR UI: unique identifiers.</summary>
public sealed class DicomUniqueIdentifier : DicomMultiStringElement
{
    public DicomUniqueIdentifier(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomUniqueIdentifier(DicomTag tag, params DicomUID[] values)
        : base(tag, [.. values.Select(uid => uid?.UID ?? "")])
    {
    }

    public DicomUniqueIdentifier(DicomTag tag, params DicomTransferSyntax[] values)
        : base(tag, [.. values.Select(syntax => syntax?.UID.UID ?? "")])
    {
    }

    public DicomUniqueIdentifier(DicomTag tag, IByteBuffer data)
        : base(tag, [], data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.UI;
}
