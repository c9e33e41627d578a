using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FellowOakDicom;
using HSENet.Dicom.Codecs.Jpeg;
using HSENet.Dicom.Series;
using JpegLibrary;

namespace HSENet.Dicom.Codecs;

/// <summary>JPEG baseline and extended with Huffman coding, 8 and 12 bits, one component (PS3.5 A.4.1, ITU-T T.81), by JpegLibrary. Lossy.</summary>
internal sealed class JpegFrameDecoder : IFrameDecoder
{
    public const string Baseline = "1.2.840.10008.1.2.4.50";
    public const string Extended = "1.2.840.10008.1.2.4.51";

    private const ushort EndOfImage = 0xFFD9;

    public IReadOnlyList<string> TransferSyntaxUids { get; } = [Baseline, Extended];

    public string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame)
    {
        var (codestream, problem) = EncapsulatedFrame.Join(dataSet);
        return problem ?? Decode(codestream, format, frame);
    }

    internal static string? Decode(ReadOnlyMemory<byte> codestream, PixelFormat format, Span<byte> frame)
    {
        var (header, problem) = CodestreamHeader.Parse(codestream.Span);
        if (header is null)
            return problem;

        if (header.Disagreement(format, CodestreamKind.JpegBaseline, CodestreamKind.JpegExtended) is { } disagreement)
            return disagreement;

        if (header.Precision is not (8 or 12) || format.IsSigned)
            return $"JPEG has unsigned samples of 8 or 12 bits, not {(format.IsSigned ? "signed" : "unsigned")} ones of {header.Precision}";

        // the library reads a cut codestream to its end and leaves the rest of the image grey
        var whole = codestream.Span.TrimEnd((byte)0);
        if (whole.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(whole[^2..]) != EndOfImage)
            return "the codestream has no end of image";

        if (BlockScan.Problem(whole, header) is { } damage)
            return damage;

        var samples = ArrayPool<ushort>.Shared.Rent(format.Rows * format.Columns);
        try
        {
            if (Run(codestream[..whole.Length], header, samples) is { } bad)
                return bad;

            Write(samples.AsSpan(0, format.Rows * format.Columns), format, frame);
            return null;
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(samples);
        }
    }

    private static string? Run(ReadOnlyMemory<byte> codestream, CodestreamHeader header, ushort[] samples)
    {
        try
        {
            var decoder = new JpegDecoder();
            decoder.SetInput(codestream);
            decoder.Identify();
            if (decoder.Width != header.Width || decoder.Height != header.Height || decoder.NumberOfComponents != 1
                || decoder.Precision != header.Precision || decoder.GetHorizontalSampling(0) != 1 || decoder.GetVerticalSampling(0) != 1)
                return "the codestream has more than one frame header or subsampled components";

            var writer = new JpegSampleWriter(samples, decoder.Width, decoder.Height, (1 << decoder.Precision) - 1);
            decoder.SetOutputWriter(writer);
            decoder.Decode();
            return writer.IsComplete ? null : "the codestream does not hold every block of the image";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"not decoded ({e.GetType().Name})";
        }
    }

    private static void Write(ReadOnlySpan<ushort> samples, PixelFormat format, Span<byte> frame)
    {
        if (format.BytesPerPixel == 2)
        {
            samples.CopyTo(MemoryMarshal.Cast<byte, ushort>(frame));
            return;
        }

        for (var i = 0; i < samples.Length; i++)
            frame[i] = (byte)samples[i];
    }
}
