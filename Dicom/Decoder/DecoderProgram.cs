using System.Globalization;
using HSENet.Dicom.Decoder.Libraries;
using HSENet.Dicom.Decoder.Sandbox;

namespace HSENet.Dicom.Decoder;

/// <summary>
/// Decodes frames of untrusted codestreams for its parent, one after the other: requests come on standard input, answers go to standard
/// output. Before the first byte is read, the process has given up what decoding does not need: memory beyond its limit, files, sockets,
/// other programs.
/// </summary>
internal static unsafe class DecoderProgram
{
    /// <summary>The arguments: the parent's process id, and the bytes of address space.</summary>
    public const int ArgumentCount = 2;

    /// <summary>Decodes a request into a frame in unmanaged memory.</summary>
    public delegate DecodeStatus Decode(DecodeRequest request, byte* codestream, byte* frame, out int detail);

    /// <param name="args">See <see cref="ArgumentCount"/>.</param>
    /// <param name="decode">Takes the place of the libraries in a test; null in the product.</param>
    /// <returns>See <see cref="DecoderExit"/>.</returns>
    public static int Run(string[] args, Decode? decode)
    {
        if (args.Length != ArgumentCount
            || !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            || !long.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var memoryBytes)
            || !ProcessLimits.DieWithParent(parent))
        {
            return DecoderExit.NoParent;
        }

        Span<byte> greeting = stackalloc byte[DecoderHello.Bytes];
        new DecoderHello(CharLs.Version(), OpenJpeg.Version()).Write(greeting);
        if (!ProcessLimits.Apply(memoryBytes) || !SystemCallFilter.Install())
            return DecoderExit.NoSandbox;

        if (!Pipe.Write(greeting))
            return DecoderExit.Done;

        return Serve(decode ?? Library);
    }

    private static int Serve(Decode decode)
    {
        var codestream = new NativeBytes();
        var frame = new NativeBytes();
        Span<byte> header = stackalloc byte[DecodeRequest.HeaderBytes];
        while (Pipe.Read(header))
        {
            if (!DecodeRequest.TryRead(header, out var request) || !codestream.TryHold(request.CodestreamBytes))
                return DecoderExit.BadRequest;

            if (!Pipe.Read(new Span<byte>(codestream.Start, request.CodestreamBytes)))
                break;

            if (!ProcessLimits.AllowCpu(request.CpuSeconds))
                return DecoderExit.NoSandbox;

            var detail = 0;
            var status = frame.TryHold(request.FrameBytes)
                ? decode(request, codestream.Start, frame.Start, out detail)
                : DecodeStatus.OutOfMemory;
            if (!Answer(request, status, detail, frame.Start))
                break;
        }

        return DecoderExit.Done;
    }

    private static bool Answer(DecodeRequest request, DecodeStatus status, int detail, byte* frame)
    {
        Span<byte> header = stackalloc byte[DecodeAnswer.HeaderBytes];
        var length = status == DecodeStatus.Done ? (int)request.FrameBytes : 0;
        new DecodeAnswer(request.Sequence, status, detail, length).Write(header);
        return Pipe.Write(header) && (length == 0 || Pipe.Write(new ReadOnlySpan<byte>(frame, length)));
    }

    private static DecodeStatus Library(DecodeRequest request, byte* codestream, byte* frame, out int detail)
    {
        detail = 0;
        return request.Codec switch
        {
            Codec.JpegLs => CharLs.Decode(request, codestream, frame, out detail),
            Codec.Jpeg2000 => OpenJpeg.Decode(request, codestream, frame, out detail),
            _ => DecodeStatus.NoLibrary,
        };
    }
}
