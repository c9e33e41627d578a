using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HSENet.Dicom.Decoder.Libraries;

/// <summary>JPEG 2000 and HTJ2K by the system's libopenjp2, version 2.5 or later (earlier ones have no HTJ2K and no strict mode).</summary>
internal static unsafe class OpenJpeg
{
    private const int Codestream = 0;                       // OPJ_CODEC_J2K
    private const int ParameterBytes = 16 << 10;            // opj_dparameters_t has about 8 KiB
    private static readonly nuint s_noMore = nuint.MaxValue;

    /// <returns>major * 65536 + minor * 256 + patch; 0 when the library is absent or too old.</returns>
    public static int Version()
    {
        try
        {
            var text = Marshal.PtrToStringUTF8(OpenJpegLibrary.opj_version());
            if (!System.Version.TryParse(text, out var version) || version < new Version(2, 5))
                return 0;

            return (version.Major << 16) | (version.Minor << 8) | Math.Max(version.Build, 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return 0;
        }
    }

    /// <param name="detail">Bytes by which a code-block's data missed their end; 0 where the library itself refused.</param>
    public static DecodeStatus Decode(DecodeRequest request, byte* codestream, byte* frame, out int detail)
    {
        detail = 0;
        TerminationCheck.Ask(new(codestream, request.CodestreamBytes));
        var told = default(TerminationCheck.Told);
        var source = new Source { Bytes = codestream, Length = request.CodestreamBytes };
        var parameters = stackalloc byte[ParameterBytes];
        OpenJpegLibrary.opj_set_default_decoder_parameters(parameters);
        var codec = OpenJpegLibrary.opj_create_decompress(Codestream);
        var stream = OpenJpegLibrary.opj_stream_create((nuint)Math.Min(request.CodestreamBytes, 1 << 20), 1);
        OpenJpegLibrary.Image* image = null;
        try
        {
            if (codec == 0 || stream == 0)
                return DecodeStatus.OutOfMemory;

            OpenJpegLibrary.opj_stream_set_read_function(stream, &Read);
            OpenJpegLibrary.opj_stream_set_skip_function(stream, &Skip);
            OpenJpegLibrary.opj_stream_set_seek_function(stream, &Seek);
            OpenJpegLibrary.opj_stream_set_user_data(stream, &source, 0);
            OpenJpegLibrary.opj_stream_set_user_data_length(stream, (ulong)source.Length);
            if (OpenJpegLibrary.opj_setup_decoder(codec, parameters) == 0
                || OpenJpegLibrary.opj_decoder_set_strict_mode(codec, 1) == 0
                || OpenJpegLibrary.opj_read_header(stream, codec, &image) == 0)
            {
                return DecodeStatus.Damaged;
            }

            if (!Matches(image, request))
                return DecodeStatus.OtherImage;

            if (OpenJpegLibrary.opj_set_warning_handler(codec, &TerminationCheck.Hear, &told) == 0)
                return DecodeStatus.Damaged;

            if (OpenJpegLibrary.opj_decode(codec, stream, image) == 0 || OpenJpegLibrary.opj_end_decompress(codec, stream) == 0)
                return DecodeStatus.Damaged;

            detail = told.MostBytes;
            if (told.IsDamage)
                return DecodeStatus.Damaged;

            if (!Matches(image, request) || image->Components->Data == null)
                return DecodeStatus.OtherImage;

            Store(image->Components->Data, request, frame);
            return DecodeStatus.Done;
        }
        finally
        {
            OpenJpegLibrary.opj_image_destroy(image);
            OpenJpegLibrary.opj_stream_destroy(stream);
            OpenJpegLibrary.opj_destroy_codec(codec);
        }
    }

    private static bool Matches(OpenJpegLibrary.Image* image, DecodeRequest request)
    {
        if (image->ComponentCount != 1 || image->Components == null)
            return false;

        var component = image->Components;
        return component->Dx == 1
            && component->Dy == 1
            && component->Width == request.Columns
            && component->Height == request.Rows
            && component->Precision <= request.BitsAllocated
            && component->IsSigned == (request.IsSigned ? 1u : 0u);
    }

    /// <summary>The lower bits of each sample: a negative one keeps its sign in all allocated bits.</summary>
    private static void Store(int* samples, DecodeRequest request, byte* frame)
    {
        var count = request.Rows * request.Columns;
        if (request.BytesPerSample == 1)
        {
            for (var i = 0; i < count; i++)
                frame[i] = (byte)samples[i];
        }
        else
        {
            var words = (ushort*)frame;
            for (var i = 0; i < count; i++)
                words[i] = (ushort)samples[i];
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint Read(byte* target, nuint count, void* user)
    {
        var source = (Source*)user;
        var left = source->Length - source->Position;
        if (left <= 0)
            return s_noMore;

        var taken = (long)Math.Min((ulong)count, (ulong)left);
        Buffer.MemoryCopy(source->Bytes + source->Position, target, taken, taken);
        source->Position += taken;
        return (nuint)taken;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Skip(long count, void* user)
    {
        var source = (Source*)user;
        if (count < 0 || count > source->Length - source->Position)
            return -1;

        source->Position += count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Seek(long position, void* user)
    {
        var source = (Source*)user;
        if (position < 0 || position > source->Length)
            return 0;

        source->Position = position;
        return 1;
    }

    private struct Source
    {
        public byte* Bytes;
        public long Length;
        public long Position;
    }
}
