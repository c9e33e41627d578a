using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR UR: one text, in which a backslash is an ordinary character.</summary>
public sealed class DicomUniversalResource : DicomStringElement
{
    public DicomUniversalResource(DicomTag tag, string value)
        : base(tag, value)
    {
    }

    public DicomUniversalResource(DicomTag tag, Encoding[] encodings, IByteBuffer data)
        : base(tag, encodings, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.UR;
}
