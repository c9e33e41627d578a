using System.Buffers.Binary;
using System.Text;

namespace HSENet.Dicom.Tests.Files;

/// <summary>Writes Part 10 files byte by byte, right or wrong, independent of any toolkit.</summary>
internal sealed class DataSetBytes(bool isExplicit = true)
{
    public const uint Undefined = 0xFFFFFFFF;

    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public DataSetBytes Element(uint tag, string vr, byte[] value) => Header(tag, vr, (uint)value.Length).Raw(value);

    /// <summary>Padded to even length as PS3.5 6.2 says.</summary>
    public DataSetBytes Text(uint tag, string vr, string value) =>
        Element(tag, vr, Encoding.ASCII.GetBytes(value.Length % 2 == 0 ? value : value + (vr == "UI" ? '\0' : ' ')));

    public DataSetBytes Header(uint tag, string vr, uint length)
    {
        Tag(tag);
        if (!isExplicit)
            return UInt32(length);
        _bytes.AddRange(Encoding.Latin1.GetBytes(vr));
        if (vr is "OB" or "OW" or "SQ" or "UN" or "UT" or "UC" or "UR" or "OF" or "OD" or "OL" or "OV" or "SV" or "UV")
            return UInt16(0).UInt32(length);
        return UInt16((ushort)length);
    }

    public DataSetBytes Item(uint length) => Tag(0xFFFEE000).UInt32(length);

    public DataSetBytes ItemEnd() => Tag(0xFFFEE00D).UInt32(0);

    public DataSetBytes SequenceEnd() => Tag(0xFFFEE0DD).UInt32(0);

    public DataSetBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public DataSetBytes Identity(string sop = "1.2.3.4", string study = "1.2.3", string series = "1.2.3.1") =>
        Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").Text(0x00080018, "UI", sop)
            .Text(0x0020000D, "UI", study).Text(0x0020000E, "UI", series);

    /// <summary>Preamble, file meta information for <paramref name="transferSyntax"/>, then these bytes.</summary>
    public byte[] ToFile(string? transferSyntax = null)
    {
        var meta = new DataSetBytes().Element(0x00020001, "OB", [0, 1])
            .Text(0x00020010, "UI", transferSyntax ?? (isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2"));
        return [.. new byte[128], .. "DICM"u8, .. meta.ToArray(), .. ToArray()];
    }

    private DataSetBytes Tag(uint tag) => UInt16((ushort)(tag >> 16)).UInt16((ushort)tag);

    private DataSetBytes UInt16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Raw(bytes);
    }

    private DataSetBytes UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }
}
