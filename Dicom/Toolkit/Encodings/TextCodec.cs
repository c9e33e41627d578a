using System.Collections.Concurrent;
using System.Text;

namespace FellowOakDicom;

/// <summary>Text to bytes and back. Reading never fails: damaged bytes become replacement characters.</summary>
internal static class TextCodec
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly ConcurrentDictionary<int, Encoding> Strict = new();

    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding[] encodings)
    {
        if (bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0 && bytes.IndexOf((byte)0x1B) < 0)
        {
            return Encoding.Latin1.GetString(bytes);
        }

        var encoding = encodings[0];
        if (Iso2022.IsUsed(bytes) && encoding.CodePage is not (65001 or 54936))
        {
            return Iso2022.Decode(bytes, encoding);
        }

        return encoding.CodePage == DicomEncoding.Default.CodePage ? DecodeUndeclared(bytes) : encoding.GetString(bytes);
    }

    /// <exception cref="EncoderFallbackException">The encoding lacks a character: text is never replaced by question marks.</exception>
    internal static byte[] Encode(string text, Encoding[] encodings) => Strict.GetOrAdd(encodings[0].CodePage, MakeStrict).GetBytes(text);

    private static Encoding MakeStrict(int codePage) =>
        codePage == Encoding.UTF8.CodePage ? StrictUtf8 : Encoding.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ReplacementFallback);

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
