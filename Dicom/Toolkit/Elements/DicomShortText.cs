using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR ST: one text, in which a backslash is an ordinary character.</summary>
public sealed class DicomShortText : DicomStringElement
{
    public DicomShortText(DicomTag tag, string value)
        : base(tag, value)
    {
    }

    public DicomShortText(DicomTag tag, Encoding[] encodings, IByteBuffer data)
        : base(tag, encodings, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.ST;
}
