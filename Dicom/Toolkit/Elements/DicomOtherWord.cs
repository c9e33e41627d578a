using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR OW: other words.</summary>
public sealed class DicomOtherWord : DicomValueElement<ushort>
{
    public DicomOtherWord(DicomTag tag, params ushort[] values)
        : base(tag, values)
    {
    }

    public DicomOtherWord(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.OW;
}
