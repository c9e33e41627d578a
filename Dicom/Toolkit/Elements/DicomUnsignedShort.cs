using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR US: unsigned 16-bit integers.</summary>
public sealed class DicomUnsignedShort : DicomValueElement<ushort>
{
    public DicomUnsignedShort(DicomTag tag, params ushort[] values)
        : base(tag, values)
    {
    }

    public DicomUnsignedShort(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.US;
}
