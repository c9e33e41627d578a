using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR UC.</summary>
public sealed class DicomUnlimitedCharacters : DicomMultiStringElement
{
    public DicomUnlimitedCharacters(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomUnlimitedCharacters(DicomTag tag, Encoding[] encodings, IByteBuffer data)
        : base(tag, encodings, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.UC;
}
