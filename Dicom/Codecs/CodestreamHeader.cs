using System.Buffers.Binary;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs;

/// <summary>
/// What the header of a JPEG, JPEG-LS or JPEG 2000 codestream says of its image. It is judged against the data set before any decoder runs, so that no decoder takes
/// memory for an image that the instance does not have.
/// </summary>
/// <param name="Kind">Which family.</param>
/// <param name="Width">Samples of a line; compare Columns.</param>
/// <param name="Height">Lines; compare Rows.</param>
/// <param name="Components">Compare Samples per Pixel.</param>
/// <param name="Precision">Bits of a sample.</param>
/// <param name="IsSigned">Null where the family does not say (T.81, T.87): then Pixel Representation alone tells.</param>
internal sealed record CodestreamHeader(CodestreamKind Kind, long Width, long Height, int Components, int Precision, bool? IsSigned)
{
    private const byte Marker = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const int LargestTileCount = 65535;

    /// <returns>The header, or why there is none.</returns>
    public static (CodestreamHeader? Header, string? Problem) Parse(ReadOnlySpan<byte> codestream)
    {
        if (codestream.Length < 4 || codestream[0] != Marker)
            return (null, "the codestream begins with no marker");

        return codestream[1] switch
        {
            StartOfImage => ParseJpeg(codestream),
            0x4F => ParseSiz(codestream),
            _ => (null, $"the codestream begins with marker {codestream[1]:X2}"),
        };
    }

    /// <summary>Does the codestream hold the image that the data set describes?</summary>
    /// <param name="format">Of the data set; <see cref="PixelFormat.Problem"/> has passed it.</param>
    /// <param name="kinds">What the transfer syntax allows.</param>
    /// <returns>Null, or the disagreement.</returns>
    public string? Disagreement(PixelFormat format, params ReadOnlySpan<CodestreamKind> kinds)
    {
        if (!kinds.Contains(Kind))
            return $"the codestream is {Kind}, the transfer syntax has another one";

        if (Width != format.Columns || Height != format.Rows)
            return $"the codestream has {Width} x {Height} pixels, the data set {format.Columns} x {format.Rows}";

        if (Components != format.SamplesPerPixel)
            return $"the codestream has {Components} components, Samples per Pixel is {format.SamplesPerPixel}";

        if (IsSigned is { } signed && signed != format.IsSigned)
            return $"the codestream's samples are {(signed ? "signed" : "unsigned")}, Pixel Representation says otherwise";

        // more bits than are stored may have been compressed with the rest of the allocated ones (PS3.5 8.1.1); fewer have no sign to extend
        if (Precision > format.BitsAllocated || (Precision < format.BitsStored && format.IsSigned))
            return $"the codestream has {Precision} bits a sample, {format.BitsStored} are stored in {format.BitsAllocated}";

        return Precision < format.BitsAllocated && format.HighBit != format.BitsStored - 1
            ? $"the codestream has {Precision} bits a sample, High Bit is {format.HighBit}"
            : null;
    }

    /// <summary>Segments up to the frame header (T.81 B.1.1, B.2.2).</summary>
    private static (CodestreamHeader? Header, string? Problem) ParseJpeg(ReadOnlySpan<byte> bytes)
    {
        var position = 2;
        while (true)
        {
            if (position >= bytes.Length || bytes[position] != Marker)
                return (null, "the codestream has no frame header");

            // fill bytes (T.81 B.1.1.2)
            while (position < bytes.Length && bytes[position] == Marker)
                position++;

            if (position + 3 > bytes.Length)
                return (null, "the codestream ends before its frame header");

            var marker = bytes[position++];
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xDA) || length < 2 || length > bytes.Length - position)
                return (null, $"the codestream has no frame header before marker {marker:X2}");

            if (KindOf(marker) is { } kind)
                return ParseFrame(kind, bytes.Slice(position + 2, length - 2));

            position += length;
        }
    }

    private static CodestreamKind? KindOf(byte marker) => marker switch
    {
        0xC0 => CodestreamKind.JpegBaseline,
        0xC1 => CodestreamKind.JpegExtended,
        0xC3 => CodestreamKind.JpegLossless,
        0xF7 => CodestreamKind.JpegLs,
        0xC4 or 0xC8 or 0xCC => null,                       // tables, not frames
        >= 0xC0 and <= 0xCF or 0xDE => CodestreamKind.JpegOther,
        _ => null,
    };

    private static (CodestreamHeader? Header, string? Problem) ParseFrame(CodestreamKind kind, ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6 || segment.Length < 6 + 3 * segment[5])
            return (null, "the codestream's frame header is too short");

        return (
            new CodestreamHeader(
                kind, BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), segment[5], segment[0], null),
            null);
    }

    /// <summary>SIZ follows SOC at once (T.800 A.5.1).</summary>
    private static (CodestreamHeader? Header, string? Problem) ParseSiz(ReadOnlySpan<byte> bytes)
    {
        const int Fixed = 38;
        if (bytes.Length < 4 + Fixed + 3 || bytes[2] != Marker || bytes[3] != 0x51)
            return (null, "the codestream has no image and tile size");

        var siz = bytes[4..];
        var components = BinaryPrimitives.ReadUInt16BigEndian(siz[36..]);
        if (components == 0 || BinaryPrimitives.ReadUInt16BigEndian(siz) != Fixed + 3 * components || siz.Length < Fixed + 3 * components)
            return (null, "the codestream's image and tile size has another length than its components need");

        var (width, height) = (Word(siz, 4) - Word(siz, 12), Word(siz, 8) - Word(siz, 16));
        var (tileWidth, tileHeight) = (Word(siz, 20), Word(siz, 24));
        if (width <= 0 || height <= 0 || tileWidth == 0 || tileHeight == 0)
            return (null, "the codestream's image and tile size holds no image");

        var tiles = (Math.Min(width, Word(siz, 4) - Word(siz, 28)) / tileWidth + 1) * (Math.Min(height, Word(siz, 8) - Word(siz, 32)) / tileHeight + 1);
        if (Word(siz, 28) > Word(siz, 12) || Word(siz, 32) > Word(siz, 16) || tiles > LargestTileCount + 1)
            return (null, "the codestream's tiles do not fit its image");

        if (siz[39] != 1 || siz[40] != 1)
            return (null, "the codestream's samples are subsampled");

        return (new CodestreamHeader(CodestreamKind.Jpeg2000, width, height, components, (siz[38] & 0x7F) + 1, siz[38] >= 0x80), null);
    }

    private static long Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);
}
