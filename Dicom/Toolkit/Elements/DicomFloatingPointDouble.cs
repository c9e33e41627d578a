using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR FD: doubles.</summary>
public sealed class DicomFloatingPointDouble : DicomValueElement<double>
{
    public DicomFloatingPointDouble(DicomTag tag, params double[] values)
        : base(tag, values)
    {
    }

    public DicomFloatingPointDouble(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.FD;
}
