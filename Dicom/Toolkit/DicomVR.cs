using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FellowOakDicom;

/// <summary>A value representation: how the bytes of an attribute are to be read (PS3.5 6.2).</summary>
public sealed class DicomVR
{
    /// <summary>No VR: items and delimiters.</summary>
    public static readonly DicomVR NONE = new("NONE", "No Value Representation", typeof(object));
    public static readonly DicomVR AE = Text("AE", "Application Entity", 16);
    public static readonly DicomVR AS = Text("AS", "Age String", 4);
    public static readonly DicomVR AT = Binary("AT", "Attribute Tag", 4, typeof(DicomTag));
    public static readonly DicomVR CS = Text("CS", "Code String", 16);
    public static readonly DicomVR DA = Text("DA", "Date", 18, typeof(DateTime));
    public static readonly DicomVR DS = Text("DS", "Decimal String", 16, typeof(decimal));
    public static readonly DicomVR DT = Text("DT", "Date Time", 54, typeof(DateTime));
    public static readonly DicomVR FD = Binary("FD", "Floating Point Double", 8, typeof(double));
    public static readonly DicomVR FL = Binary("FL", "Floating Point Single", 4, typeof(float));
    public static readonly DicomVR IS = Text("IS", "Integer String", 12, typeof(int));
    public static readonly DicomVR LO = Encoded("LO", "Long String", 64);
    public static readonly DicomVR LT = Encoded("LT", "Long Text", 10240, multi: false);
    public static readonly DicomVR OB = Bulk("OB", "Other Byte", 1, typeof(byte));
    public static readonly DicomVR OD = Bulk("OD", "Other Double", 8, typeof(double));
    public static readonly DicomVR OF = Bulk("OF", "Other Float", 4, typeof(float));
    public static readonly DicomVR OL = Bulk("OL", "Other Long", 4, typeof(uint));
    public static readonly DicomVR OV = Bulk("OV", "Other Very Long", 8, typeof(ulong));
    public static readonly DicomVR OW = Bulk("OW", "Other Word", 2, typeof(ushort));
    public static readonly DicomVR PN = Encoded("PN", "Person Name", 64);
    public static readonly DicomVR SH = Encoded("SH", "Short String", 16);
    public static readonly DicomVR SL = Binary("SL", "Signed Long", 4, typeof(int));
    public static readonly DicomVR SQ = new("SQ", "Sequence of Items", typeof(DicomDataset));
    public static readonly DicomVR SS = Binary("SS", "Signed Short", 2, typeof(short));
    public static readonly DicomVR ST = Encoded("ST", "Short Text", 1024, multi: false);
    public static readonly DicomVR SV = Bulk("SV", "Signed 64-bit Very Long", 8, typeof(long), multi: true);
    public static readonly DicomVR TM = Text("TM", "Time", 28, typeof(DateTime));
    public static readonly DicomVR UC = Encoded("UC", "Unlimited Characters", 0, isLong: true);
    public static readonly DicomVR UI = Text("UI", "Unique Identifier", 64, padding: 0);
    public static readonly DicomVR UL = Binary("UL", "Unsigned Long", 4, typeof(uint));
    public static readonly DicomVR UN = Bulk("UN", "Unknown", 1, typeof(byte));
    public static readonly DicomVR UR = new("UR", "Universal Resource Identifier or Locator", typeof(string)) { IsString = true, PaddingValue = 32 };
    public static readonly DicomVR US = Binary("US", "Unsigned Short", 2, typeof(ushort));
    public static readonly DicomVR UT = Encoded("UT", "Unlimited Text", 0, multi: false, isLong: true);
    public static readonly DicomVR UV = Bulk("UV", "Unsigned 64-bit Very Long", 8, typeof(ulong), multi: true);

    private static readonly DicomVR[] All =
        [AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SQ, SS, ST, SV, TM, UC, UI, UL, UN, UR, US, UT, UV];

    private static readonly Dictionary<string, DicomVR> ByCode = All.ToDictionary(vr => vr.Code, StringComparer.Ordinal);

    private DicomVR(string code, string name, Type valueType)
    {
        Code = code;
        Name = name;
        ValueType = valueType;
    }

    public string Code { get; }

    public string Name { get; }

    public bool IsString { get; private init; }

    /// <summary>Text that Specific Character Set (0008,0005) applies to.</summary>
    public bool IsStringEncoded { get; private init; }

    /// <summary>Explicit VR syntaxes give the length in 16 bits; otherwise in 32 bits after two reserved bytes (PS3.5 7.1.2).</summary>
    public bool Is16bitLength { get; private init; }

    /// <summary>Backslashes, or the unit size, separate values.</summary>
    public bool IsMultiValue { get; private init; }

    /// <summary>What fills a value up to an even length: space for text, NUL for the rest.</summary>
    public byte PaddingValue { get; private init; }

    /// <summary>Longest single value in characters; 0 when only the length field limits it.</summary>
    public uint MaximumLength { get; private init; }

    /// <summary>Bytes per value of a binary VR, 1 for text.</summary>
    public int UnitSize { get; private init; } = 1;

    /// <summary>Bytes that change places with each other in big endian (PS3.5 7.3): a tag is two numbers of two bytes.</summary>
    internal int SwapUnit => Code == "AT" ? 2 : UnitSize;

    /// <summary>The .NET type that matches a single value best.</summary>
    public Type ValueType { get; }

    /// <summary>The VR of a two-letter code.</summary>
    /// <exception cref="DicomDataException">There is no such VR.</exception>
    public static DicomVR Parse(string vr) =>
        TryParse(vr, out var result) ? result : throw new DicomDataException("Unknown VR");

    public static bool TryParse(string vr, [NotNullWhen(true)] out DicomVR? result)
    {
        result = vr is null ? null : ByCode.GetValueOrDefault(vr);
        return result is not null;
    }

    public static bool TryParse(byte[] vr, [NotNullWhen(true)] out DicomVR? result)
    {
        result = null;
        return vr is { Length: 2 } && TryParse(Encoding.ASCII.GetString(vr), out result);
    }

    /// <summary>Checks one value against the rules of this VR.</summary>
    /// <exception cref="DicomValidationException">It breaks them.</exception>
    public void ValidateString(string content) => ValueRules.Validate(this, content);

    public override string ToString() => Code;

    private static DicomVR Text(string code, string name, uint length, Type? type = null, byte padding = 32) =>
        new(code, name, type ?? typeof(string))
        {
            IsString = true, Is16bitLength = true, IsMultiValue = true, PaddingValue = padding, MaximumLength = length,
        };

    private static DicomVR Encoded(string code, string name, uint length, bool multi = true, bool isLong = false) =>
        new(code, name, typeof(string))
        {
            IsString = true, IsStringEncoded = true, Is16bitLength = !isLong, IsMultiValue = multi, PaddingValue = 32, MaximumLength = length,
        };

    private static DicomVR Binary(string code, string name, int size, Type type) =>
        new(code, name, type) { Is16bitLength = true, IsMultiValue = true, UnitSize = size };

    private static DicomVR Bulk(string code, string name, int size, Type type, bool multi = false) =>
        new(code, name, type) { UnitSize = size, IsMultiValue = multi };
}
