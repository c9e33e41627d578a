using System.Text;

namespace HSENet.Dicom.Text;

/// <summary>
/// Text with code extensions (PS3.3 C.12.1.1.2, PS3.5 6.1.2.5): escape sequences switch the sets of the lower and the upper half of the
/// code table; both fall back to the first character set at the end of a line, a value, a name component or a component group.
/// </summary>
internal static class Iso2022
{
    private const byte Escape = 0x1B;

    internal static bool IsUsed(ReadOnlySpan<byte> bytes) => bytes.Contains(Escape);

    /// <summary>True when text in these character sets is written with escape sequences.</summary>
    internal static bool IsNeeded(Encoding[] encodings) =>
        encodings[0].CodePage is CharacterSets.Jis0208 or CharacterSets.Jis0212 or CharacterSets.Korean or CharacterSets.Chinese
        || (encodings.Length > 1 && !CharacterSets.IsWithoutExtensions(encodings[0]));

    /// <summary>Never fails: an unknown escape sequence is left out, what does not decode becomes a replacement character.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding[] encodings)
    {
        var text = new StringBuilder();
        CodeSet? lower = null, upper = null;
        while (bytes.Length > 0)
        {
            if (bytes[0] == Escape)
            {
                var set = Find(bytes[1..]);
                (lower, upper) = set is null ? (lower, upper) : set.IsUpper ? (lower, set) : (set, upper);
                bytes = bytes[(1 + (set?.Designation.Length ?? 0))..];
                continue;
            }

            var isDouble = lower is { IsDouble: true };
            if (IsReset(bytes[0], isDouble))
            {
                (lower, upper) = (null, null);
                text.Append((char)bytes[0]);
                bytes = bytes[1..];
                continue;
            }

            // With a set of two bytes in the lower half, bytes of the two halves are told apart; else the upper set has ISO 646 below it
            var length = RunLength(bytes, isDouble);
            var run = bytes[..length];
            text.Append(isDouble && run[0] < 0x80 ? lower!.Decode(run) : upper?.Decode(run) ?? TextCodec.DecodePlain(run, encodings));
            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>Characters of the first set that has them; the first character set is active again before each delimiter and at the end.</summary>
    /// <exception cref="EncoderFallbackException">No set has a character.</exception>
    internal static byte[] Encode(string text, Encoding[] encodings)
    {
        var halves = new Iso2022Halves(encodings);
        foreach (var character in text.EnumerateRunes())
        {
            halves.Write(character);
        }

        return halves.End();
    }

    /// <summary>A character after which, and before which, the first character set is active.</summary>
    internal static bool IsDelimiter(int character) => character is '^' or '=' or '\\' || (character < 0x20 && character != Escape);

    private static CodeSet? Find(ReadOnlySpan<byte> bytes)
    {
        foreach (var set in CodeSet.All)
        {
            if (bytes.Length >= set.Designation.Length && Encoding.ASCII.GetString(bytes[..set.Designation.Length]) == set.Designation)
            {
                return set;
            }
        }

        return null;
    }

    /// <summary>The printable delimiters are halves of characters while a set of two bytes is in the lower half.</summary>
    private static bool IsReset(byte value, bool isDouble) => isDouble ? value < 0x20 : IsDelimiter(value);

    private static int RunLength(ReadOnlySpan<byte> bytes, bool isDouble)
    {
        var length = 0;
        while (length < bytes.Length && bytes[length] != Escape && !IsReset(bytes[length], isDouble)
            && (!isDouble || (bytes[length] < 0x80) == (bytes[0] < 0x80)))
        {
            length++;
        }

        return length;
    }
}
