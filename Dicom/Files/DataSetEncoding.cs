using System.Buffers.Binary;

namespace HSENet.Dicom.Files;

/// <summary>How element headers are written (PS3.5 7.1, 7.3).</summary>
internal readonly record struct DataSetEncoding(bool IsExplicit, bool IsBigEndian)
{
    public static DataSetEncoding ImplicitLittleEndian { get; }

    public static DataSetEncoding ExplicitLittleEndian { get; } = new(true, false);

    /// <summary>Null for what cannot be walked as it stands: unknown, private and deflated syntaxes (PS3.5 annex A.5, A.7, A.15).</summary>
    public static DataSetEncoding? Of(string? transferSyntaxUid) => transferSyntaxUid switch
    {
        "1.2.840.10008.1.2" => ImplicitLittleEndian,
        "1.2.840.10008.1.2.1" or "1.2.840.10008.1.2.5" => ExplicitLittleEndian,
        "1.2.840.10008.1.2.2" => new DataSetEncoding(true, true),
        "1.2.840.10008.1.2.4.95" or "1.2.840.10008.1.2.4.205" => null,
        not null when transferSyntaxUid.StartsWith("1.2.840.10008.1.2.4.", StringComparison.Ordinal) => ExplicitLittleEndian,
        _ => null,
    };

    public ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>Group in the upper half.</summary>
    public uint ReadTag(ReadOnlySpan<byte> bytes) => (uint)(ReadUInt16(bytes) << 16) | ReadUInt16(bytes[2..]);
}
