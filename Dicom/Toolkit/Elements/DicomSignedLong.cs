using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR SL: signed 32-bit integers.</summary>
public sealed class DicomSignedLong : DicomValueElement<int>
{
    public DicomSignedLong(DicomTag tag, params int[] values)
        : base(tag, values)
    {
    }

    public DicomSignedLong(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.SL;
}
