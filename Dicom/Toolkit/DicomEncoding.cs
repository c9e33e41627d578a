using System.Text;
using HSENet.Dicom.Text;

namespace FellowOakDicom;

/// <summary>The encodings behind the terms of Specific Character Set (0008,0005) (PS3.3 C.12.1.1.2).</summary>
public static class DicomEncoding
{
    /// <summary>ISO 646: what applies when nothing is said.</summary>
    public static readonly Encoding Default = CharacterSets.Default;

    public static readonly Encoding[] DefaultArray = CharacterSets.DefaultArray;

    /// <summary>The encodings of all values of Specific Character Set; ISO 646 for an empty first one. Unknown terms count as ISO 646.</summary>
    public static Encoding[] GetEncodings(string[] charsets) => CharacterSets.GetEncodings(charsets is null ? [] : Array.ConvertAll(charsets, Weakness.CharacterSet));

    /// <summary>The encoding of one term, also when it is misspelt as in "ISO-IR 100" or "ISO IR 192"; ISO 646 when it is unknown.</summary>
    public static Encoding GetEncoding(string charset) => CharacterSets.GetEncoding(Weakness.CharacterSet(charset));
}
