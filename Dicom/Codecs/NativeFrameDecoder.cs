using FellowOakDicom;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs;

/// <summary>Uncompressed little endian Pixel Data (PS3.5 8.1): a copy, once the length is exactly right.</summary>
internal sealed class NativeFrameDecoder : IFrameDecoder
{
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";

    public IReadOnlyList<string> TransferSyntaxUids { get; } = [ImplicitLittleEndian, ExplicitLittleEndian];

    public string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame)
    {
        if (!dataSet.Contains(DicomTag.PixelData) || dataSet.GetDicomItem<DicomItem>(DicomTag.PixelData) is not DicomElement element)
            return "no native Pixel Data";

        var length = element.Buffer.Size;
        var padded = format.FrameBytes + (format.FrameBytes & 1);
        if (length != format.FrameBytes && length != padded)
            return $"Pixel Data has {length} bytes instead of {format.FrameBytes}";

        element.Buffer.Data.AsSpan(0, frame.Length).CopyTo(frame);
        return null;
    }
}
