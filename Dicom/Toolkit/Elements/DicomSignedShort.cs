using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR SS: signed 16-bit integers.</summary>
public sealed class DicomSignedShort : DicomValueElement<short>
{
    public DicomSignedShort(DicomTag tag, params short[] values)
        : base(tag, values)
    {
    }

    public DicomSignedShort(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.SS;
}
