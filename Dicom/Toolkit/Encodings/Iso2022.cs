using System.Text;

namespace FellowOakDicom;

/// <summary>
/// Text with code extensions (PS3.3 C.12.1.1.2, PS3.5 6.1.2.5): escape sequences switch the sets of the lower and the upper half of the
/// code table; both fall back to the first character set at the end of a line, a value, a name component or a component group.
/// </summary>
internal static class Iso2022
{
    private const byte Escape = 0x1B;
    private const int EucJapanese = 20932, Korean = 949, Chinese = 936, ShiftJapanese = 932;

    /// <summary>What follows ESC, the half it sets (0 lower, 1 upper), the code page.</summary>
    private static readonly (byte[] Sequence, int Half, int CodePage)[] Designations =
    [
        ("(B"u8.ToArray(), 0, 20127), ("(J"u8.ToArray(), 0, 20127), (")I"u8.ToArray(), 1, ShiftJapanese),
        ("-A"u8.ToArray(), 1, 28591), ("-B"u8.ToArray(), 1, 28592), ("-C"u8.ToArray(), 1, 28593), ("-D"u8.ToArray(), 1, 28594),
        ("-L"u8.ToArray(), 1, 28595), ("-G"u8.ToArray(), 1, 28596), ("-F"u8.ToArray(), 1, 28597), ("-H"u8.ToArray(), 1, 28598),
        ("-M"u8.ToArray(), 1, 28599), ("-T"u8.ToArray(), 1, 874), ("$B"u8.ToArray(), 0, EucJapanese), ("$@"u8.ToArray(), 0, EucJapanese),
        ("$)C"u8.ToArray(), 1, Korean), ("$)A"u8.ToArray(), 1, Chinese),
    ];

    internal static bool IsUsed(ReadOnlySpan<byte> bytes) => bytes.Contains(Escape);

    /// <summary>Never fails: an unknown escape sequence is left out, what does not decode becomes a replacement character.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding first)
    {
        var text = new StringBuilder();
        var (lower, upper) = (Encoding.ASCII, first);
        while (bytes.Length > 0)
        {
            if (bytes[0] == Escape)
            {
                var designation = Find(bytes[1..]);
                if (designation.Sequence is null)
                {
                    bytes = bytes[1..];
                    continue;
                }

                var encoding = Encoding.GetEncoding(designation.CodePage);
                (lower, upper) = designation.Half == 0 ? (encoding, upper) : (lower, encoding);
                bytes = bytes[(1 + designation.Sequence.Length)..];
                continue;
            }

            var isDouble = lower.CodePage == EucJapanese;
            if (!isDouble && IsReset(bytes[0]))
            {
                (lower, upper) = (Encoding.ASCII, first);
                text.Append((char)bytes[0]);
                bytes = bytes[1..];
                continue;
            }

            var length = RunLength(bytes, isDouble);
            text.Append(isDouble ? DecodeLower(lower, bytes[..length]) : upper.GetString(bytes[..length]));
            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private static (byte[]? Sequence, int Half, int CodePage) Find(ReadOnlySpan<byte> bytes)
    {
        foreach (var designation in Designations)
        {
            if (bytes.StartsWith(designation.Sequence))
            {
                return designation;
            }
        }

        return default;
    }

    /// <summary>A set of two bytes a character in the lower half is the one of EUC with its upper bits off.</summary>
    private static string DecodeLower(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        var raised = bytes.ToArray();
        for (var index = 0; index < raised.Length; index++)
        {
            raised[index] |= (byte)(raised[index] > 0x20 ? 0x80 : 0);
        }

        return encoding.GetString(raised);
    }

    private static int RunLength(ReadOnlySpan<byte> bytes, bool isDouble)
    {
        var length = 0;
        while (length < bytes.Length && bytes[length] != Escape && (isDouble || !IsReset(bytes[length])))
        {
            length++;
        }

        return length;
    }

    private static bool IsReset(byte value) => value is (byte)'\r' or (byte)'\n' or (byte)'\f' or (byte)'\t' or (byte)'^' or (byte)'=' or (byte)'\\';
}
