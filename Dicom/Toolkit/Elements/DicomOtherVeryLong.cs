using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR OV: other 64-bit words.</summary>
public sealed class DicomOtherVeryLong : DicomValueElement<ulong>
{
    public DicomOtherVeryLong(DicomTag tag, params ulong[] values)
        : base(tag, values)
    {
    }

    public DicomOtherVeryLong(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.OV;
}
