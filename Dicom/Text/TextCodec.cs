using System.Collections.Concurrent;
using System.Text;

namespace HSENet.Dicom.Text;

/// <summary>Text to bytes and back. Reading never fails: damaged bytes become replacement characters.</summary>
internal static class TextCodec
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly ConcurrentDictionary<int, Encoding> Strict = new();

    static TextCodec() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding[] encodings)
    {
        if (bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0 && bytes.IndexOf((byte)0x1B) < 0)
        {
            return Encoding.Latin1.GetString(bytes);
        }

        return Iso2022.IsUsed(bytes) && !CharacterSets.IsWithoutExtensions(encodings[0])
            ? Iso2022.Decode(bytes, encodings) : DecodePlain(bytes, encodings);
    }

    /// <summary>Without escape sequences. Bytes beyond ISO 646 that no first character set announces: UTF-8 if they are, or what the others
    /// have (some writers leave out the escape sequence), or Latin-1.</summary>
    internal static string DecodePlain(ReadOnlySpan<byte> bytes, Encoding[] encodings)
    {
        if (encodings[0].CodePage is not (20127 or CharacterSets.Jis0208 or CharacterSets.Jis0212))
        {
            return encodings[0].GetString(bytes);
        }

        if (TryDecode(bytes, StrictUtf8) is { } utf8)
        {
            return utf8;
        }

        foreach (var set in encodings.Select(CodeSet.Of))
        {
            if (set is { IsUpper: true } && TryDecode(bytes, StrictOf(set.CodePage)) is { } text)
            {
                return text;
            }
        }

        return Encoding.Latin1.GetString(bytes);
    }

    /// <exception cref="EncoderFallbackException">The encoding lacks a character: text is never replaced by question marks.</exception>
    internal static byte[] Encode(string text, Encoding[] encodings) =>
        System.Text.Ascii.IsValid(text) ? Encoding.ASCII.GetBytes(text)
        : Iso2022.IsNeeded(encodings) ? Iso2022.Encode(text, encodings)
        : StrictOf(encodings[0].CodePage).GetBytes(text);

    /// <summary>The encoding of a code page that refuses what it lacks.</summary>
    internal static Encoding StrictOf(int codePage) => Strict.GetOrAdd(codePage, MakeStrict);

    private static Encoding MakeStrict(int codePage) =>
        codePage == Encoding.UTF8.CodePage ? StrictUtf8
        : Encoding.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    private static string? TryDecode(ReadOnlySpan<byte> bytes, Encoding strict)
    {
        try
        {
            return strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
