using System.Runtime.InteropServices;

namespace HSENet.Dicom.Decoder.Libraries;

/// <summary>JPEG-LS by the system's libcharls, of its C interface since version 2.0.</summary>
internal static unsafe partial class CharLs
{
    private const string Name = "libcharls.so.2";

    /// <returns>major * 65536 + minor * 256 + patch; 0 when the library is absent.</returns>
    public static int Version()
    {
        try
        {
            int major, minor, patch;
            charls_get_version_number(&major, &minor, &patch);
            return (major << 16) | (minor << 8) | patch;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return 0;
        }
    }

    /// <param name="detail">charls_jpegls_errc.</param>
    public static DecodeStatus Decode(DecodeRequest request, byte* codestream, byte* frame, out int detail)
    {
        detail = 0;
        var decoder = charls_jpegls_decoder_create();
        if (decoder == 0)
            return DecodeStatus.OutOfMemory;

        try
        {
            FrameInfo info = default;
            detail = charls_jpegls_decoder_set_source_buffer(decoder, codestream, (nuint)request.CodestreamBytes);
            if (detail == 0)
                detail = charls_jpegls_decoder_read_header(decoder);
            if (detail == 0)
                detail = charls_jpegls_decoder_get_frame_info(decoder, &info);
            if (detail != 0)
                return DecodeStatus.Damaged;

            if (info.Width != request.Columns || info.Height != request.Rows
                || info.Components != 1 || info.Bits < 2 || info.Bits > request.BitsAllocated)
            {
                return DecodeStatus.OtherImage;
            }

            // samples of up to 8 bits come as bytes
            var count = request.Rows * request.Columns;
            var bytes = info.Bits > 8 ? 2 : 1;
            var target = frame + count * (request.BytesPerSample - bytes);
            detail = charls_jpegls_decoder_decode_to_buffer(decoder, target, (nuint)(count * bytes), 0);
            if (detail != 0)
                return DecodeStatus.Damaged;

            if (bytes < request.BytesPerSample)
                Widen(target, frame, count);
            return DecodeStatus.Done;
        }
        finally
        {
            charls_jpegls_decoder_destroy(decoder);
        }
    }

    /// <summary>Bytes at the end of a frame to 16-bit samples over the whole of it, first to last.</summary>
    private static void Widen(byte* bytes, byte* frame, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var sample = bytes[i];
            frame[2 * i] = sample;
            frame[2 * i + 1] = 0;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FrameInfo
    {
        public uint Width;
        public uint Height;
        public int Bits;
        public int Components;
    }

#pragma warning disable IDE1006 // the library's own names
    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void charls_get_version_number(int* major, int* minor, int* patch);

    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint charls_jpegls_decoder_create();

    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void charls_jpegls_decoder_destroy(nint decoder);

    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int charls_jpegls_decoder_set_source_buffer(nint decoder, byte* bytes, nuint length);

    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int charls_jpegls_decoder_read_header(nint decoder);

    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int charls_jpegls_decoder_get_frame_info(nint decoder, FrameInfo* info);

    [LibraryImport(Name)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int charls_jpegls_decoder_decode_to_buffer(nint decoder, byte* bytes, nuint length, uint stride);
#pragma warning restore IDE1006
}
