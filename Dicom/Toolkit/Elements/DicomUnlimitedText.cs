using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR UT: one text, in which a backslash is an ordinary character.</summary>
public sealed class DicomUnlimitedText : DicomStringElement
{
    public DicomUnlimitedText(DicomTag tag, string value)
        : base(tag, value)
    {
    }

    public DicomUnlimitedText(DicomTag tag, Encoding[] encodings, IByteBuffer data)
        : base(tag, encodings, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.UT;
}
