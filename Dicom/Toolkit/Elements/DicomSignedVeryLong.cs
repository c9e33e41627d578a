using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR SV: signed 64-bit integers.</summary>
public sealed class DicomSignedVeryLong : DicomValueElement<long>
{
    public DicomSignedVeryLong(DicomTag tag, params long[] values)
        : base(tag, values)
    {
    }

    public DicomSignedVeryLong(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.SV;
}
