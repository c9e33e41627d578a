using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR AS.</summary>
public sealed class DicomAgeString : DicomMultiStringElement
{
    public DicomAgeString(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomAgeString(DicomTag tag, IByteBuffer data)
        : base(tag, [], data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.AS;
}
