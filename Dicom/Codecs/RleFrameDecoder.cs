using System.Buffers.Binary;
using FellowOakDicom;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs;

/// <summary>RLE Lossless (PS3.5 annex G): one segment for each byte of a pixel, the most significant first, each packed by itself.</summary>
internal sealed class RleFrameDecoder : IFrameDecoder
{
    public const string RleLossless = "1.2.840.10008.1.2.5";

    private const int HeaderLength = 64;
    private const byte NoOperation = 128;

    public IReadOnlyList<string> TransferSyntaxUids { get; } = [RleLossless];

    public string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame)
    {
        var (codestream, problem) = EncapsulatedFrame.Join(dataSet);
        return problem ?? Decode(codestream.Span, format.BytesPerPixel, frame);
    }

    /// <summary>The segments' bytes, interleaved as native little endian.</summary>
    internal static string? Decode(ReadOnlySpan<byte> codestream, int segments, Span<byte> frame)
    {
        if (codestream.Length < HeaderLength)
            return $"the RLE header has {codestream.Length} bytes instead of {HeaderLength}";

        var count = BinaryPrimitives.ReadUInt32LittleEndian(codestream);
        if (count != segments)
            return $"the RLE header has {count} segments, the pixels have {segments} bytes each";

        for (var i = 0; i < segments; i++)
        {
            var start = Offset(codestream, i);
            var end = i + 1 < segments ? Offset(codestream, i + 1) : (uint)codestream.Length;
            if (start < HeaderLength || start > end || end > codestream.Length)
                return $"RLE segment {i + 1} lies at {start} to {end} of {codestream.Length} bytes";

            if (!TryUnpack(codestream[(int)start..(int)end], frame[(segments - 1 - i)..], segments))
                return $"RLE segment {i + 1} does not hold exactly the pixels";
        }

        return null;
    }

    private static uint Offset(ReadOnlySpan<byte> header, int segment) => BinaryPrimitives.ReadUInt32LittleEndian(header[(4 * (segment + 1))..]);

    /// <summary>Runs and literals (PS3.5 G.3.1) into every <paramref name="stride"/>-th byte; what follows the last pixel is padding.</summary>
    private static bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> target, int stride)
    {
        var at = 0;
        var i = 0;
        while (at < target.Length)
        {
            if (i >= packed.Length)
                return false;

            var code = packed[i++];
            if (code == NoOperation)
                continue;

            var length = code < NoOperation ? code + 1 : 257 - code;
            if ((length - 1) * stride >= target.Length - at)
                return false;

            if (code < NoOperation)
            {
                if (length > packed.Length - i)
                    return false;

                Scatter(packed.Slice(i, length), target[at..], stride);
                i += length;
            }
            else
            {
                if (i >= packed.Length)
                    return false;

                Repeat(packed[i++], length, target[at..], stride);
            }

            at += length * stride;
        }

        return true;
    }

    private static void Scatter(ReadOnlySpan<byte> values, Span<byte> target, int stride)
    {
        if (stride == 1)
        {
            values.CopyTo(target);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            target[i * stride] = values[i];
    }

    private static void Repeat(byte value, int length, Span<byte> target, int stride)
    {
        if (stride == 1)
        {
            target[..length].Fill(value);
            return;
        }

        for (var i = 0; i < length; i++)
            target[i * stride] = value;
    }
}
