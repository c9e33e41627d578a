using System.Text;
using FellowOakDicom;

namespace HSENet.Dicom.Identity;

/// <summary>Specific Character Set (0008,0005) of a data set or item (PS3.3 C.12.1.1.2).</summary>
internal sealed class CharacterSet
{
    private readonly Encoding? _encoding;

    private CharacterSet(string terms)
    {
        Terms = terms;
        try
        {
            _encoding = DicomEncoding.GetEncodings(terms.Split('\\'))[0];
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // no set that anybody knows
        }
    }

    public static CharacterSet Default { get; } = new("");

    /// <summary>As written, without padding.</summary>
    public string Terms { get; }

    public static CharacterSet Of(ReadOnlySpan<byte> value)
    {
        var terms = Encoding.Latin1.GetString(value.Trim(" \0"u8));
        return terms.Length == 0 ? Default : new CharacterSet(terms);
    }

    /// <returns>Null when nobody can tell: escape sequences, an unknown set, bytes that are not of the set.</returns>
    public string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf((byte)0x1B) >= 0)
            return null;
        if (Ascii.IsValid(bytes))
            return Encoding.ASCII.GetString(bytes);

        if (_encoding is null)
            return null;
        var text = _encoding.GetString(bytes);
        return bytes.SequenceEqual(_encoding.GetBytes(text)) ? text : null;
    }
}
