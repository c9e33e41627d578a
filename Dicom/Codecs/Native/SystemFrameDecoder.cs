using FellowOakDicom;
using HSENet.Dicom.Codecs.Jpeg2000;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>Frames of one codec by a library of the system, in a decoder process.</summary>
internal sealed class SystemFrameDecoder(DecoderPool pool, Codec codec) : IFrameDecoder
{
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

    private string? Absent(ReadOnlySpan<byte> codestream) =>
        codec == Codec.Jpeg2000 && TileParts.Look(codestream).Problem is { } problem ? $"{DecoderPool.DamagedCode}: {problem}" : null;
}
