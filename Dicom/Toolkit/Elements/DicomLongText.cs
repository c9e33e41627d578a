using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR LT: one text, in which a backslash is an ordinary character.</summary>
public sealed class DicomLongText : DicomStringElement
{
    public DicomLongText(DicomTag tag, string value)
        : base(tag, value)
    {
    }

    public DicomLongText(DicomTag tag, Encoding[] encodings, IByteBuffer data)
        : base(tag, encodings, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.LT;
}
