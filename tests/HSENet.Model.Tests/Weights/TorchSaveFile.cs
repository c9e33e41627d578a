using System.Buffers.Binary;
using System.Text;

namespace HSENet.Model.Tests.Weights;

/// <summary>
/// Writes the files of torch.save without PyTorch: a ZIP of stored entries, data aligned to 64 bytes. Storages without data are left as holes of
/// zeros, so a file of full size takes no space.
/// </summary>
internal static class TorchSaveFile
{
    private const int Alignment = 64;

    /// <summary>One tensor in C order.</summary>
    /// <param name="Name">Its key.</param>
    /// <param name="Shape">Lengths.</param>
    /// <param name="Data">Little-endian numbers; null: zeros.</param>
    /// <param name="Storage">For example <c>FloatStorage</c>.</param>
    /// <param name="ElementBytes">Size of an element.</param>
    public sealed record Item(string Name, long[] Shape, byte[]? Data = null, string Storage = "FloatStorage", int ElementBytes = 4)
    {
        public long Count => Shape.Aggregate(1L, (product, length) => product * length);

        public long[] Stride
        {
            get
            {
                var stride = new long[Shape.Length];
                for (var (axis, step) = (Shape.Length - 1, 1L); axis >= 0; axis--)
                {
                    stride[axis] = step;
                    step *= Shape[axis];
                }

                return stride;
            }
        }
    }

    public static void Write(string path, IReadOnlyList<Item> items, bool parameters = false, bool zip64 = false)
    {
        var pickle = new PickleBytes().Op("}(");
        for (var i = 0; i < items.Count; i++)
        {
            pickle.Text(items[i].Name).Tensor(items[i].Storage, $"{i}", items[i].Count, 0, items[i].Shape, items[i].Stride, parameters);
        }

        WriteZip(path, [
            ("archive/data.pkl", pickle.Op("u").Stop(), null),
            .. items.Select((item, i) => ($"archive/data/{i}", item.Data, (long?)(item.Count * item.ElementBytes))),
            ("archive/version", "3\n"u8.ToArray(), null)], zip64);
    }

    /// <summary>Entries without compression; an entry without data is a hole of the given length.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="entries">Name, data, length.</param>
    /// <param name="zip64">Every length and offset in ZIP64 records (APPNOTE 4.3.14, 4.5.3), as for a file beyond 4 GiB.</param>
    public static void WriteZip(string path, IReadOnlyList<(string Name, byte[]? Data, long? Length)> entries, bool zip64 = false)
    {
        using var stream = File.Create(path);
        var directory = new MemoryStream();
        foreach (var (name, data, hole) in entries)
        {
            var (text, length, start) = (Encoding.UTF8.GetBytes(name), data?.Length ?? hole!.Value, stream.Position);
            var extra = zip64 ? Wide(length, length) : [];
            var padding = (int)((Alignment - ((start + 30 + text.Length + extra.Length) % Alignment)) % Alignment);
            var header = new byte[30];
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
            Sizes(header, 18, zip64 ? uint.MaxValue : length, text.Length, extra.Length + padding);
            stream.Write(header);
            stream.Write(text);
            stream.Write(extra);
            stream.Write(new byte[padding]);
            stream.Write(data ?? []);
            stream.Position += data is null ? length : 0;

            var (central, centralExtra) = (new byte[46], zip64 ? Wide(length, length, start) : []);
            BinaryPrimitives.WriteUInt32LittleEndian(central, 0x02014b50);
            Sizes(central, 20, zip64 ? uint.MaxValue : length, text.Length, centralExtra.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(central.AsSpan(42), zip64 ? uint.MaxValue : checked((uint)start));
            directory.Write(central);
            directory.Write(text);
            directory.Write(centralExtra);
        }

        var at = stream.Position;
        stream.Write(directory.ToArray());
        if (zip64)
        {
            WriteZip64End(stream, at, directory.Length, entries.Count);
        }

        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), zip64 ? ushort.MaxValue : (ushort)entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), zip64 ? ushort.MaxValue : (ushort)entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), zip64 ? uint.MaxValue : (uint)directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), zip64 ? uint.MaxValue : checked((uint)at));
        stream.Write(end);
    }

    /// <summary>The layout before PyTorch 1.6.</summary>
    public static void WriteLegacy(string path, IReadOnlyList<Item> items)
    {
        using var stream = File.Create(path);
        stream.Write([0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']);
        stream.Write(new PickleBytes().Op("M").Number(1001, 2).Stop());
        stream.Write(new PickleBytes().Op("}(").Text("protocol_version").Integer(1001).Text("little_endian").Raw(0x88).Op("u").Stop());
        var (pickle, keys) = (new PickleBytes().Global("collections", "OrderedDict").Op(")R("), new PickleBytes().Op("]("));
        for (var i = 0; i < items.Count; i++)
        {
            pickle.Text(items[i].Name).Tensor(items[i].Storage, $"9{i}", items[i].Count, 0, items[i].Shape, items[i].Stride, legacy: true);
            keys.Text($"9{i}");
        }

        stream.Write(pickle.Op("u").Stop());
        stream.Write(keys.Op("e").Stop());
        foreach (var item in items)
        {
            stream.Write(BitConverter.GetBytes(item.Count));
            stream.Write(item.Data ?? new byte[item.Count * item.ElementBytes]);
        }
    }

    /// <summary>The end record of ZIP64 and its locator.</summary>
    private static void WriteZip64End(FileStream stream, long directory, long bytes, long count)
    {
        var (record, wide) = (stream.Position, new byte[56 + 20]);
        BinaryPrimitives.WriteUInt32LittleEndian(wide, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(24), count);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(32), count);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(40), bytes);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(48), directory);
        BinaryPrimitives.WriteUInt32LittleEndian(wide.AsSpan(56), 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(wide.AsSpan(64), record);
        BinaryPrimitives.WriteUInt32LittleEndian(wide.AsSpan(72), 1);
        stream.Write(wide);
    }

    /// <summary>The extra field of ZIP64: the values whose 32-bit fields are all ones, in their order.</summary>
    private static byte[] Wide(params ReadOnlySpan<long> values)
    {
        var extra = new byte[4 + (8 * values.Length)];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), (ushort)(8 * values.Length));
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4 + (8 * i)), values[i]);
        }

        return extra;
    }

    private static void Sizes(byte[] header, int at, long length, int nameBytes, int extraBytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), checked((uint)length));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at + 4), checked((uint)length));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(at + 8), (ushort)nameBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(at + 10), (ushort)extraBytes);
    }
}
