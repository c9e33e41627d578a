using System.Text;

namespace FellowOakDicom;

/// <summary>Text to bytes and back. Reading never fails: damaged bytes become replacement characters.</summary>
internal static class TextCodec
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding[] encodings)
    {
        if (bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0 && bytes.IndexOf((byte)0x1B) < 0)
        {
            return Encoding.Latin1.GetString(bytes);
        }

        var encoding = encodings[0];
        return encoding.CodePage == DicomEncoding.Default.CodePage ? DecodeUndeclared(bytes) : encoding.GetString(bytes);
    }

    internal static byte[] Encode(string text, Encoding[] encodings) => encodings[0].GetBytes(text);

    /// <summary>Bytes beyond ISO 646 that no character set announces: UTF-8 if they are, Latin-1 if not.</summary>
    private static string DecodeUndeclared(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
