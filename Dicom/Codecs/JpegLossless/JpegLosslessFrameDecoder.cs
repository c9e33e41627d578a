using System.Buffers;
using System.Runtime.InteropServices;
using FellowOakDicom;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs.JpegLossless;

/// <summary>JPEG Lossless, process 14, with any predictor, and its form with selection value 1 (PS3.5 A.4.1, ITU-T T.81 annex H).</summary>
internal sealed class JpegLosslessFrameDecoder : IFrameDecoder
{
    public const string Process14 = "1.2.840.10008.1.2.4.57";
    public const string Process14SelectionValue1 = "1.2.840.10008.1.2.4.70";

    public IReadOnlyList<string> TransferSyntaxUids { get; } = [Process14, Process14SelectionValue1];

    public string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame)
    {
        var (codestream, problem) = EncapsulatedFrame.Join(dataSet);
        return problem ?? Decode(codestream.Span, format, frame);
    }

    internal static string? Decode(ReadOnlySpan<byte> codestream, PixelFormat format, Span<byte> frame)
    {
        var (header, problem) = CodestreamHeader.Parse(codestream);
        if (header is null)
            return problem;

        if (header.Disagreement(format, CodestreamKind.JpegLossless) is { } disagreement)
            return disagreement;

        var (scan, bad) = LosslessScan.Parse(codestream, header.Precision);
        if (scan is null)
            return bad;

        return format.BytesPerPixel == 2
            ? Decode(scan, codestream, format, MemoryMarshal.Cast<byte, ushort>(frame))
            : DecodeBytes(scan, codestream, format, frame);
    }

    private static string? DecodeBytes(LosslessScan scan, ReadOnlySpan<byte> codestream, PixelFormat format, Span<byte> frame)
    {
        var rented = ArrayPool<ushort>.Shared.Rent(frame.Length);
        try
        {
            var samples = rented.AsSpan(0, frame.Length);
            var problem = Decode(scan, codestream, format, samples);
            for (var i = 0; problem is null && i < samples.Length; i++)
                frame[i] = (byte)samples[i];

            return problem;
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(rented);
        }
    }

    private static string? Decode(LosslessScan scan, ReadOnlySpan<byte> codestream, PixelFormat format, Span<ushort> samples)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(EntropyData.BufferLength(codestream.Length - scan.DataOffset, format.Columns));
        try
        {
            return new LosslessImage(scan, format.Columns, samples).Decode(new EntropyData(codestream[scan.DataOffset..], buffer, format.Columns))
                ?? Finish(scan, format, samples);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The arithmetic is modulo 2^16 (T.81 H.1.2.1): a sample that has more bits than it may comes from damaged data.</summary>
    private static string? Finish(LosslessScan scan, PixelFormat format, Span<ushort> samples)
    {
        if (scan.PointTransform > 0)
        {
            foreach (ref var sample in samples)
                sample <<= scan.PointTransform;
        }

        return !format.IsSigned && scan.Precision < 16 && samples.ContainsAnyExceptInRange((ushort)0, (ushort)((1 << scan.Precision) - 1))
            ? $"samples have more than {scan.Precision} bits"
            : null;
    }
}
