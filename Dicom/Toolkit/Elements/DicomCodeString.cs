using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR CS.</summary>
public sealed class DicomCodeString : DicomMultiStringElement
{
    public DicomCodeString(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomCodeString(DicomTag tag, IByteBuffer data)
        : base(tag, [], data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.CS;
}
