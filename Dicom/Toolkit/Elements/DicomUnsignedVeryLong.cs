using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR UV: unsigned 64-bit integers.</summary>
public sealed class DicomUnsignedVeryLong : DicomValueElement<ulong>
{
    public DicomUnsignedVeryLong(DicomTag tag, params ulong[] values)
        : base(tag, values)
    {
    }

    public DicomUnsignedVeryLong(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.UV;
}
