using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR OL: other longs.</summary>
public sealed class DicomOtherLong : DicomValueElement<uint>
{
    public DicomOtherLong(DicomTag tag, params uint[] values)
        : base(tag, values)
    {
    }

    public DicomOtherLong(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.OL;
}
