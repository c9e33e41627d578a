using System.Buffers.Binary;
using System.Text;
using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Writes DICOM bytes by hand, right or wrong, so that the reader is not tested against our own writer.</summary>
internal sealed class RawFile
{
    internal const uint Undefined = 0xFFFFFFFF;
    private readonly List<byte> _bytes = [];
    private readonly string _syntax;

    internal RawFile(string syntax = "1.2.840.10008.1.2.1") => _syntax = syntax;

    internal static RawFile Implicit => new("1.2.840.10008.1.2");

    internal RawFile Explicit(uint tag, string vr, string value) => Explicit(tag, vr, Encoding.Latin1.GetBytes(value));

    internal RawFile Explicit(uint tag, string vr, byte[] value, uint? length = null)
    {
        Tag(tag).Raw(Encoding.Latin1.GetBytes(vr));
        if (vr is "OB" or "OW" or "OF" or "OD" or "OL" or "OV" or "UN" or "UT" or "UC" or "UR" or "SQ" or "SV" or "UV")
        {
            return Raw([0, 0]).UInt32(length ?? (uint)value.Length).Raw(value);
        }

        return UInt16((ushort)(length ?? (uint)value.Length)).Raw(value);
    }

    internal RawFile ImplicitElement(uint tag, string value) => ImplicitElement(tag, Encoding.Latin1.GetBytes(value));

    internal RawFile ImplicitElement(uint tag, byte[] value, uint? length = null) => Tag(tag).UInt32(length ?? (uint)value.Length).Raw(value);

    internal RawFile Sequence(uint tag, uint length = Undefined) => Explicit(tag, "SQ", [], length);

    internal RawFile Item(uint length = Undefined) => Tag(0xFFFEE000).UInt32(length);

    internal RawFile EndItem() => Tag(0xFFFEE00D).UInt32(0);

    internal RawFile EndSequence() => Tag(0xFFFEE0DD).UInt32(0);

    internal RawFile Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal RawFile Tag(uint tag) => UInt16((ushort)(tag >> 16)).UInt16((ushort)tag);

    internal RawFile UInt16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    internal RawFile UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The data set alone.</summary>
    internal byte[] Dataset => _bytes.ToArray();

    /// <summary>With preamble and file meta information.</summary>
    internal byte[] File
    {
        get
        {
            var syntax = _syntax.Length % 2 == 0 ? _syntax : _syntax + "\0";
            var meta = new RawFile().Explicit(0x00020003, "UI", "1.2.3.4\0").Explicit(0x00020010, "UI", syntax);
            var length = BitConverter.GetBytes((uint)meta.Dataset.Length);
            var start = new RawFile().Raw(new byte[128]).Raw("DICM"u8.ToArray()).Explicit(0x00020000, "UL", length).Raw(meta.Dataset);
            return [.. start.Dataset, .. Dataset];
        }
    }

    internal DicomFile Open() => DicomFile.Open(new MemoryStream(File));

    internal DicomDataset Read() => Open().Dataset;

    internal DicomException Refused() => Assert.ThrowsAny<DicomException>(Open);
}
