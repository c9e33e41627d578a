using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace HSENet.Model.Tests.Language;

/// <summary>
/// Writes sharded bfloat16 safetensors of any size in seconds: every eighth row of a matrix is random, the rest is a hole in the file, which reads as
/// zeros. Norms are ones.
/// </summary>
internal static class SparseWeights
{
    private const int RowStep = 8;
    private const ushort One = 0x3F80;

    /// <returns>The index file.</returns>
    public static string Write(string folder, IReadOnlyDictionary<string, long[]> shapes, int shards)
    {
        var random = new Random(17);
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (number, group) in shapes.OrderBy(item => item.Key, StringComparer.Ordinal).Chunk((shapes.Count + shards - 1) / shards).Index())
        {
            var name = $"model-{number + 1:D5}-of-{shards:D5}.safetensors";
            WriteShard(Path.Combine(folder, name), group, random);
            foreach (var (tensor, _) in group)
            {
                map.Add(tensor, name);
            }
        }

        var index = Path.Combine(folder, "model.safetensors.index.json");
        File.WriteAllText(index, JsonSerializer.Serialize(new { metadata = new { }, weight_map = map }));
        return index;
    }

    private static void WriteShard(string path, KeyValuePair<string, long[]>[] tensors, Random random)
    {
        var header = new Dictionary<string, object>();
        long end = 0;
        foreach (var (name, shape) in tensors)
        {
            var begin = end;
            end += 2 * shape.Aggregate(1L, (product, length) => product * length);
            header.Add(name, new { dtype = "BF16", shape, data_offsets = new[] { begin, end } });
        }

        var json = JsonSerializer.Serialize(header);
        var bytes = Encoding.UTF8.GetBytes(json.PadRight((json.Length + 7) / 8 * 8));
        using var file = File.Create(path);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, bytes.Length);
        file.Write(prefix);
        file.Write(bytes);
        file.SetLength(8 + bytes.Length + end);
        long at = 0;
        foreach (var (_, shape) in tensors)
        {
            var count = shape.Aggregate(1L, (product, length) => product * length);
            var width = shape[^1];
            var row = Values((int)width, isNorm: shape.Length == 1, random);
            for (var position = 0L; position < count; position += RowStep * width)
            {
                file.Position = 8 + bytes.Length + at + (2 * position);
                row.AsSpan(0, 256).CopyTo(row.AsSpan((int)(position / width * 2 % (row.Length - 256)))); // no two rows alike
                file.Write(row);
            }

            at += 2 * count;
        }
    }

    /// <summary>Uniform within 0.05, as bfloat16.</summary>
    private static byte[] Values(int count, bool isNorm, Random random)
    {
        var bytes = new byte[2 * count];
        for (var i = 0; i < count; i++)
        {
            var value = isNorm ? One : (ushort)(BitConverter.SingleToUInt32Bits((random.NextSingle() - 0.5f) * 0.1f) >> 16);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), value);
        }

        return bytes;
    }
}
