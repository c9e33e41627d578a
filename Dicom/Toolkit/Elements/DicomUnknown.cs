using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Text;

namespace FellowOakDicom;

/// <summary>VR UN: bytes whose meaning is not known here.</summary>
public sealed class DicomUnknown : DicomOtherByte
{
    public DicomUnknown(DicomTag tag, params byte[] values)
        : base(tag, values)
    {
    }

    public DicomUnknown(DicomTag tag, IByteBuffer data)
        : base(tag, data)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.UN;

    private protected override string JoinedText() => TextCodec.Decode(Buffer.Data, DicomEncoding.DefaultArray).TrimEnd(' ', '\0');
}
