using FellowOakDicom;
using HSENet.Dicom.Codecs.Jpeg2000;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>Frames of one codec by a library of the system, in a decoder process.</summary>
internal sealed class SystemFrameDecoder(DecoderPool pool, Codec codec) : IFrameDecoder
{
    private static readonly byte[] s_startOfScan = [0xFF, 0xDA];

    /// <summary>Each code of JPEG-LS has at most 64 bits, and one of them is set (T.87 A.5.3); CharLS 2.4.1 may loop over zeros.</summary>
    private static readonly byte[] s_zeros = new byte[16];

    public IReadOnlyList<string> TransferSyntaxUids { get; } = codec switch
    {
        // PS3.5 A.4.3: lossless, near-lossless
        Codec.JpegLs => ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"],

        // PS3.5 A.4.4: lossless only, either; A.4.15: HTJ2K lossless only, with RPCL, either
        _ =>
        [
            "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
            "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",
        ],
    };

    public string? Decode(DicomDataset dataSet, PixelFormat format, Span<byte> frame)
    {
        var (codestream, problem) = EncapsulatedFrame.Join(dataSet);
        if (problem is not null)
            return problem;

        var (header, unread) = CodestreamHeader.Parse(codestream.Span);
        if (header is null)
            return unread;

        return header.Disagreement(format, codec == Codec.JpegLs ? CodestreamKind.JpegLs : CodestreamKind.Jpeg2000)
            ?? Absent(codestream.Span)
            ?? pool.Decode(codec, format, codestream.Span, frame);
    }

    /// <summary>What the library would not see, or would loop over.</summary>
    private string? Absent(ReadOnlySpan<byte> codestream)
    {
        var problem = codec == Codec.Jpeg2000 ? TileParts.Look(codestream).Problem : HasZeros(codestream) ? "a piece of the data is zeros" : null;
        return problem is null ? null : $"{DecoderPool.DamagedCode}: {problem}";
    }

    private static bool HasZeros(ReadOnlySpan<byte> codestream) =>
        codestream[Math.Max(codestream.IndexOf(s_startOfScan), 0)..].TrimEnd((byte)0).IndexOf(s_zeros) >= 0;
}
