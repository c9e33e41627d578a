using System.Buffers.Binary;

namespace HSENet.Dicom.Files;

/// <summary>
/// How a file begins: preamble and DICM (PS3.10 7.1), or, as old toolkits write them, with the file meta information or the data set itself. What begins in no such way
/// is no DICOM file.
/// </summary>
internal readonly record struct FileStart(long MetaOffset, string? TransferSyntaxUid)
{
    private const int PreambleLength = 128;
    private const int PrefixEnd = PreambleLength + 4;

    /// <summary>Groups a data set may begin with: the command group's place is not here, group 0008 holds the identity.</summary>
    private const ushort IdentityGroup = 0x0008;

    /// <summary>Null for anything else. <see cref="TransferSyntaxUid"/> is set for a bare data set, whose encoding shows in its first element.</summary>
    public static FileStart? Of(ScanReader reader)
    {
        if (reader.TryPeek(PrefixEnd, out var start) && BinaryPrimitives.ReadUInt32BigEndian(start[PreambleLength..]) == 0x4449434D)
            return new FileStart(PrefixEnd, null);
        if (!reader.TryPeek(8, out start))
            return null;
        if (BinaryPrimitives.ReadUInt16LittleEndian(start) == 0x0002 && IsExplicit(reader, DataSetEncoding.ExplicitLittleEndian))
            return new FileStart(0, null);
        if (BinaryPrimitives.ReadUInt16LittleEndian(start) == IdentityGroup)
        {
            return IsExplicit(reader, DataSetEncoding.ExplicitLittleEndian) ? new FileStart(0, "1.2.840.10008.1.2.1")
                : BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) <= reader.Length - 8 ? new FileStart(0, "1.2.840.10008.1.2")
                : null;
        }

        return BinaryPrimitives.ReadUInt16BigEndian(start) == IdentityGroup && IsExplicit(reader, new DataSetEncoding(true, true))
            ? new FileStart(0, "1.2.840.10008.1.2.2")
            : null;
    }

    private static bool IsExplicit(ScanReader reader, DataSetEncoding encoding) =>
        ElementHeader.TryRead(reader, encoding, reader.Length, out var header, out var isKnownVr)
        && isKnownVr && header.Length <= reader.Length - header.Size;
}
