using System.Text;

namespace HSENet.Dicom.Text;

/// <summary>
/// A character set that an escape sequence puts into one half of the code table (PS3.3 tables C.12-3 and C.12-4): bytes below 80H in the
/// lower half (G0), from A0H in the upper one (G1).
/// </summary>
/// <param name="Designation">What follows ESC.</param>
/// <param name="IsUpper">The half it is put into.</param>
/// <param name="IsDouble">Two bytes a character.</param>
/// <param name="CodePage">The .NET code page that has its characters, in the upper half.</param>
internal sealed record CodeSet(string Designation, bool IsUpper, bool IsDouble, int CodePage)
{
    private const int EucJapanese = 20932, ShiftJapanese = 932;

    internal static readonly CodeSet Ascii = new("(B", IsUpper: false, IsDouble: false, 20127);
    internal static readonly CodeSet Romaji = new("(J", IsUpper: false, IsDouble: false, 20127);
    internal static readonly CodeSet Katakana = new(")I", IsUpper: true, IsDouble: false, ShiftJapanese);
    internal static readonly CodeSet Jis0208 = new("$B", IsUpper: false, IsDouble: true, EucJapanese);
    internal static readonly CodeSet Jis0208Of1978 = new("$@", IsUpper: false, IsDouble: true, EucJapanese);
    internal static readonly CodeSet Jis0212 = new("$(D", IsUpper: false, IsDouble: true, EucJapanese);
    internal static readonly CodeSet Korean = new("$)C", IsUpper: true, IsDouble: true, 949);
    internal static readonly CodeSet Chinese = new("$)A", IsUpper: true, IsDouble: true, 936);

    internal static readonly CodeSet[] All =
    [
        Ascii, Romaji, Katakana, Jis0208, Jis0208Of1978, Jis0212, Korean, Chinese, Latin("-A", 28591), Latin("-B", 28592), Latin("-C", 28593),
        Latin("-D", 28594), Latin("-L", 28595), Latin("-G", 28596), Latin("-F", 28597), Latin("-H", 28598), Latin("-M", 28599), Latin("-b", 28605),
        Latin("-T", 874),
    ];

    /// <summary>The set whose characters a term of Specific Character Set adds, by the encoding that stands for the term; null for ISO 646.</summary>
    internal static CodeSet? Of(Encoding term) => term.CodePage switch
    {
        20127 => null,
        CharacterSets.Jis0208 => Jis0208,
        CharacterSets.Jis0212 => Jis0212,
        CharacterSets.Korean => Korean,
        CharacterSets.Chinese => Chinese,
        ShiftJapanese => Katakana,
        var page => Array.Find(All, set => set.IsUpper && set.CodePage == page),
    };

    /// <summary>The bytes of one character, or none when this set lacks it.</summary>
    internal byte[] Encode(Rune character)
    {
        byte[] bytes;
        try
        {
            bytes = TextCodec.StrictOf(CodePage).GetBytes(character.ToString());
        }
        catch (EncoderFallbackException)
        {
            return [];
        }

        if (!IsDouble)
        {
            return bytes is [>= 0xA0] ? bytes : [];
        }

        // This code page marks JIS X 0212 by a second byte in the lower half
        var isOurs = bytes is [>= 0xA1, var second] && (this == Jis0212 ? second < 0x80 : second >= 0xA1);
        return !isOurs ? [] : IsUpper ? bytes : [(byte)(bytes[0] & 0x7F), (byte)(bytes[1] & 0x7F)];
    }

    /// <summary>Text of bytes that are all in the half of this set.</summary>
    internal string Decode(ReadOnlySpan<byte> bytes)
    {
        if (IsUpper || !IsDouble)
        {
            return Encoding.GetEncoding(CodePage).GetString(bytes);
        }

        var raised = bytes.ToArray();
        for (var index = 0; index < raised.Length; index++)
        {
            var isSecond = (index & 1) != 0;
            raised[index] |= (byte)(raised[index] > 0x20 && !(isSecond && this == Jis0212) ? 0x80 : 0);
        }

        return Encoding.GetEncoding(CodePage).GetString(raised);
    }

    private static CodeSet Latin(string designation, int codePage) => new(designation, IsUpper: true, IsDouble: false, codePage);
}
