using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR DA: dates.</summary>
public sealed class DicomDate : DicomDateElement
{
    public DicomDate(DicomTag tag, params DateTime[] values)
        : base(tag, [.. values.Select(value => DateText.Format(value, DicomVR.DA))])
    {
    }

    public DicomDate(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomDate(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.DA;
}
