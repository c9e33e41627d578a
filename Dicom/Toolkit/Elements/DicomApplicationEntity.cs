using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR AE.</summary>
public sealed class DicomApplicationEntity : DicomMultiStringElement
{
    public DicomApplicationEntity(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomApplicationEntity(DicomTag tag, IByteBuffer data)
        : base(tag, [], data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.AE;
}
