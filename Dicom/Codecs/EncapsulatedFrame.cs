using System.Buffers.Binary;
using FellowOakDicom;

namespace HSENet.Dicom.Codecs;

/// <summary>
/// The codestream of a single encapsulated frame (PS3.5 A.4): its fragments joined. A Basic Offset Table (PS3.5 table A.4-1) may be empty or filled; an Extended Offset
/// Table (PS3.3 C.7.6.3.1.8) says how long the codestream is without its pad byte.
/// </summary>
internal static class EncapsulatedFrame
{
    private static readonly DicomTag s_extendedOffsets = new(0x7FE0, 0x0001);
    private static readonly DicomTag s_extendedLengths = new(0x7FE0, 0x0002);

    /// <summary>Bytes held are at most those of the file: the scan has judged every fragment's length against it.</summary>
    /// <returns>The codestream, perhaps with a pad byte after its end, or what is wrong.</returns>
    public static (ReadOnlyMemory<byte> Codestream, string? Problem) Join(DicomDataset dataSet)
    {
        if (!dataSet.Contains(DicomTag.PixelData) || dataSet.GetDicomItem<DicomItem>(DicomTag.PixelData) is not DicomFragmentSequence pixels)
            return (default, "no encapsulated Pixel Data");

        // where the table points does not matter: all fragments are of the one frame
        if (pixels.OffsetTable.Count > 1)
            return (default, $"the Basic Offset Table has {pixels.OffsetTable.Count} frames");

        var length = pixels.Fragments.Sum(fragment => fragment.Size);
        if (length == 0)
            return (default, "Pixel Data has no fragment");

        if (length > Array.MaxLength)
            return (default, $"the fragments have {length} bytes");

        var (told, problem) = ExtendedLength(dataSet, length);
        return problem is null ? (Bytes(pixels, (int)length).AsMemory(0, (int)told), null) : (default, problem);
    }

    private static byte[] Bytes(DicomFragmentSequence pixels, int length)
    {
        if (pixels.Fragments.Count == 1)
            return pixels.Fragments[0].Data;

        var bytes = new byte[length];
        var position = 0;
        foreach (var fragment in pixels.Fragments)
        {
            var piece = fragment.Data;
            piece.CopyTo(bytes, position);
            position += piece.Length;
        }

        return bytes;
    }

    /// <returns>Bytes of the codestream: all, where no table tells.</returns>
    private static (long Length, string? Problem) ExtendedLength(DicomDataset dataSet, long length)
    {
        if (Table(dataSet, s_extendedOffsets) is { } offsets && offsets.Length != sizeof(ulong))
            return (0, $"the Extended Offset Table has {offsets.Length} bytes, one frame has {sizeof(ulong)}");

        if (Table(dataSet, s_extendedLengths) is not { Length: sizeof(ulong) } lengths)
            return (length, null);

        var told = BinaryPrimitives.ReadUInt64LittleEndian(lengths);
        return told > 0 && told <= (ulong)length
            ? ((long)told, null)
            : (0, $"Extended Offset Table Lengths says {told} bytes, the fragments have {length}");
    }

    /// <returns>The value's bytes; null when absent or empty.</returns>
    private static byte[]? Table(DicomDataset dataSet, DicomTag tag) =>
        dataSet.Contains(tag) && dataSet.GetDicomItem<DicomItem>(tag) is DicomElement { Buffer.Size: > 0 } element ? element.Buffer.Data : null;
}
