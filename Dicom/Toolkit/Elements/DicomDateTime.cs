using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR DT: dates with times.</summary>
public sealed class DicomDateTime : DicomDateElement
{
    public DicomDateTime(DicomTag tag, params DateTime[] values)
        : base(tag, [.. values.Select(value => DateText.Format(value, DicomVR.DT))])
    {
    }

    public DicomDateTime(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomDateTime(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.DT;
}
