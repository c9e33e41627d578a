using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR TM: times of day.</summary>
public sealed class DicomTime : DicomDateElement
{
    public DicomTime(DicomTag tag, params DateTime[] values)
        : base(tag, [.. values.Select(value => DateText.Format(value, DicomVR.TM))])
    {
    }

    public DicomTime(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomTime(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.TM;
}
