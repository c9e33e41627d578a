using System.Collections.Concurrent;
using System.Text;

namespace HSENet.Dicom.Text;

/// <summary>
/// The encodings behind the terms of Specific Character Set (0008,0005) (PS3.3 C.12.1.1.2). The files of this folder are compiled into the stand-in too; whichever
/// toolkit is referenced, names of patients are decoded by them.
/// </summary>
internal static class CharacterSets
{
    /// <summary>ISO 646: what applies when nothing is said.</summary>
    public static readonly Encoding Default = Encoding.ASCII;

    public static readonly Encoding[] DefaultArray = [Default];

    /// <summary>Code pages that stand for the sets of two bytes a character, which text can only have after an escape sequence.</summary>
    internal const int Jis0208 = 50220, Jis0212 = 50222, Korean = 20949, Chinese = 20936;

    /// <summary>Code page by the digits of the term; with and without code extensions (ISO 2022 IR n) alike.</summary>
    private static readonly Dictionary<string, int> CodePages = new(StringComparer.Ordinal)
    {
        ["6"] = 20127, ["13"] = 932, ["100"] = 28591, ["101"] = 28592, ["109"] = 28593, ["110"] = 28594, ["144"] = 28595, ["127"] = 28596,
        ["126"] = 28597, ["138"] = 28598, ["148"] = 28599, ["203"] = 28605, ["166"] = 874, ["192"] = 65001, ["87"] = Jis0208, ["159"] = Jis0212,
        ["149"] = Korean, ["58"] = Chinese,
    };

    private static readonly ConcurrentDictionary<string, Encoding[]> Cache = new(StringComparer.Ordinal);

    static CharacterSets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encodings of all values of Specific Character Set; ISO 646 for an empty first one. Unknown terms count as ISO 646.</summary>
    public static Encoding[] GetEncodings(string[] charsets)
    {
        if (charsets is not { Length: > 0 })
        {
            return DefaultArray;
        }

        return Cache.Count < 256
            ? Cache.GetOrAdd(string.Join('\\', charsets), _ => Array.ConvertAll(charsets, GetEncoding))
            : Array.ConvertAll(charsets, GetEncoding);
    }

    /// <summary>The encoding of one term, also when it is misspelt as in "ISO-IR 100" or "ISO IR 192"; ISO 646 when it is unknown.</summary>
    public static Encoding GetEncoding(string charset)
    {
        var term = (charset ?? "").Trim(' ', '\0').ToUpperInvariant().Replace('-', ' ').Replace('_', ' ');
        if (term is "GB18030" or "GBK")
        {
            return Encoding.GetEncoding(term == "GBK" ? 936 : 54936);
        }

        if (term is "UTF8" or "UTF 8")
        {
            return Encoding.UTF8;
        }

        var digits = term[(term.LastIndexOf(' ') + 1)..];
        digits = digits.StartsWith("IR", StringComparison.Ordinal) ? digits[2..] : digits;
        return term.StartsWith("ISO", StringComparison.Ordinal) && CodePages.TryGetValue(digits, out var page)
            ? page == 65001 ? Encoding.UTF8 : page == 20127 ? Default : Encoding.GetEncoding(page)
            : Default;
    }

    /// <summary>UTF-8, GB18030 and GBK: the standard allows no escape sequences with them (PS3.3 C.12.1.1.2).</summary>
    internal static bool IsWithoutExtensions(Encoding encoding) => encoding.CodePage is 65001 or 54936 or 936;
}
