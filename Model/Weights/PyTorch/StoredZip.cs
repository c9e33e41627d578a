using System.Buffers.Binary;
using System.Text;

namespace HSENet.Model.Weights.PyTorch;

/// <summary>
/// Where the entries of a ZIP lie in the file (APPNOTE 6.3, with ZIP64). Entries must be stored without compression, as <c>torch.save</c> does:
/// then tensors can lie in the mapped file. Every offset is checked.
/// </summary>
internal static class StoredZip
{
    private const int MaxEntries = 200_000;
    private const int MaxDirectoryBytes = 64 << 20;
    private const int EndBytes = 22;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;

    /// <returns>Name to (first byte of the data, bytes).</returns>
    /// <exception cref="HSENetModelException"><c>weights.format</c>.</exception>
    public static IReadOnlyDictionary<string, (long Offset, long Length)> Read(MappedFile file, string path)
    {
        var (start, bytes, count) = Directory(file, path);
        if (count > MaxEntries || bytes > MaxDirectoryBytes || start < 0 || bytes < 0 || start > file.LengthBytes - bytes)
        {
            throw Broken(path, "its directory does not lie inside the file");
        }

        var entries = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        var rest = file.Bytes(start, (int)bytes);
        for (long i = 0; i < count; i++)
        {
            if (rest.Length < CentralBytes || BinaryPrimitives.ReadUInt32LittleEndian(rest) != 0x02014b50)
            {
                throw Broken(path, "its directory is damaged");
            }

            var (nameBytes, extraBytes, commentBytes) = (U16(rest, 28), U16(rest, 30), U16(rest, 32));
            var total = CentralBytes + nameBytes + extraBytes + commentBytes;
            if (rest.Length < total)
            {
                throw Broken(path, "its directory is damaged");
            }

            var name = rest.Slice(CentralBytes, nameBytes);
            var text = Encoding.UTF8.GetString(name);
            if ((U16(rest, 8) & 1) != 0 || U16(rest, 10) != 0)
            {
                throw Broken(path, $"the entry '{text}' is compressed or encrypted");
            }

            long packed = U32(rest, 20), length = U32(rest, 24), local = U32(rest, 42);
            Zip64(rest.Slice(CentralBytes + nameBytes, extraBytes), ref length, ref packed, ref local);
            if (packed != length || !entries.TryAdd(text, (DataStart(file, path, local, name), length)))
            {
                throw Broken(path, $"the entry '{text}' comes twice or has two lengths");
            }

            var (offset, _) = entries[text];
            if (length < 0 || offset > file.LengthBytes - length)
            {
                throw Broken(path, $"the entry '{text}' ends after the file");
            }

            rest = rest[total..];
        }

        return entries;
    }

    private static (long Start, long Bytes, long Count) Directory(MappedFile file, string path)
    {
        var tailBytes = (int)Math.Min(file.LengthBytes, EndBytes + ushort.MaxValue);
        var tail = file.Bytes(file.LengthBytes - tailBytes, tailBytes);
        for (var at = tailBytes - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) != 0x06054b50 || at + EndBytes + U16(tail, at + 20) != tailBytes)
            {
                continue;
            }

            long count = U16(tail, at + 10), bytes = U32(tail, at + 12), start = U32(tail, at + 16);
            if (count != ushort.MaxValue && bytes != uint.MaxValue && start != uint.MaxValue)
            {
                return (start, bytes, count);
            }

            var end = file.LengthBytes - tailBytes + at;
            if (end >= 20 && file.Bytes(end - 20, 20) is var locator && BinaryPrimitives.ReadUInt32LittleEndian(locator) == 0x07064b50
                && BinaryPrimitives.ReadInt64LittleEndian(locator[8..]) is var record && record >= 0 && record <= file.LengthBytes - 56
                && file.Bytes(record, 56) is var wide && BinaryPrimitives.ReadUInt32LittleEndian(wide) == 0x06064b50)
            {
                return (I64(wide, 48), I64(wide, 40), I64(wide, 32));
            }

            return (start, bytes, count);
        }

        throw Broken(path, "it has no directory; it may have been cut off");
    }

    private static void Zip64(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            var size = Math.Min(U16(extra, 2), extra.Length - 4);
            if (U16(extra, 0) == 1)
            {
                var fields = extra.Slice(4, size);
                Widen(ref length, ref fields);
                Widen(ref packed, ref fields);
                Widen(ref local, ref fields);
                return;
            }

            extra = extra[(4 + size)..];
        }
    }

    private static void Widen(ref long value, ref ReadOnlySpan<byte> fields)
    {
        if (value == uint.MaxValue && fields.Length >= 8)
        {
            value = I64(fields, 0);
            fields = fields[8..];
        }
    }

    private static long DataStart(MappedFile file, string path, long local, ReadOnlySpan<byte> name)
    {
        if (local < 0 || local > file.LengthBytes - LocalBytes - name.Length)
        {
            throw Broken(path, "an entry starts after the file");
        }

        var header = file.Bytes(local, LocalBytes + name.Length);
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == 0x04034b50 && U16(header, 26) == name.Length && header[LocalBytes..].SequenceEqual(name)
            ? local + LocalBytes + name.Length + U16(header, 28)
            : throw Broken(path, "an entry and the directory disagree");
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static HSENetModelException Broken(string path, string detail) => new("weights.format", $"{path}: {detail}.");
}
