using FellowOakDicom;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs;

/// <summary>
/// Uncompressed Pixel Data (PS3.5 8.1): a copy, once the length is exactly right. The toolkit gives big endian values as little endian; a deflated data set was inflated
/// when it was opened.
/// </summary>
internal sealed class NativeFrameDecoder : IFrameDecoder
{
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";

    public const string ExplicitBigEndian = "1.2.840.10008.1.2.2";
    public const string DeflatedLittleEndian = "1.2.840.10008.1.2.1.99";

    public IReadOnlyList<string> TransferSyntaxUids { get; } = [ImplicitLittleEndian, ExplicitLittleEndian, ExplicitBigEndian, DeflatedLittleEndian];

    public string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame)
    {
        if (!dataSet.Contains(DicomTag.PixelData) || dataSet.GetDicomItem<DicomItem>(DicomTag.PixelData) is not DicomElement element)
            return "no native Pixel Data";

        // whatever its VR says of the width, big endian pixels of two bytes are turned as OW (PS3.5 A.3)
        if (dataSet.InternalTransferSyntax == DicomTransferSyntax.ExplicitVRBigEndian && element.ValueRepresentation != DicomVR.OW && format.BytesPerPixel > 1)
            return $"Pixel Data is {element.ValueRepresentation} in big endian";

        var length = element.Buffer.Size;
        var padded = format.FrameBytes + (format.FrameBytes & 1);
        if (length != format.FrameBytes && length != padded)
            return $"Pixel Data has {length} bytes instead of {format.FrameBytes}";

        element.Buffer.Data.AsSpan(0, frame.Length).CopyTo(frame);
        return null;
    }
}
