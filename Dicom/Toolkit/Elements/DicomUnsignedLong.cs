using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR UL: unsigned 32-bit integers.</summary>
public sealed class DicomUnsignedLong : DicomValueElement<uint>
{
    public DicomUnsignedLong(DicomTag tag, params uint[] values)
        : base(tag, values)
    {
    }

    public DicomUnsignedLong(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.UL;
}
