using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR FL: floats.</summary>
public sealed class DicomFloatingPointSingle : DicomValueElement<float>
{
    public DicomFloatingPointSingle(DicomTag tag, params float[] values)
        : base(tag, values)
    {
    }

    public DicomFloatingPointSingle(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.FL;
}
