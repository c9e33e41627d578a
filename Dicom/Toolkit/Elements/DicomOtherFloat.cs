using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR OF: other floats.</summary>
public sealed class DicomOtherFloat : DicomValueElement<float>
{
    public DicomOtherFloat(DicomTag tag, params float[] values)
        : base(tag, values)
    {
    }

    public DicomOtherFloat(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.OF;
}
