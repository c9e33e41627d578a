using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR SH.</summary>
public sealed class DicomShortString : DicomMultiStringElement
{
    public DicomShortString(DicomTag tag, params string[] values)
        : base(tag, values)
    {
    }

    public DicomShortString(DicomTag tag, Encoding[] encodings, IByteBuffer data)
        : base(tag, encodings, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.SH;
}
