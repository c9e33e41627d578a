using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR OD: other doubles.</summary>
public sealed class DicomOtherDouble : DicomValueElement<double>
{
    public DicomOtherDouble(DicomTag tag, params double[] values)
        : base(tag, values)
    {
    }

    public DicomOtherDouble(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.OD;
}
