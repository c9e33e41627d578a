using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>Writes safetensors files. The same tensors give the same bytes: order is by name, no time or machine enters.</summary>
internal static class SafeTensorsWriter
{
    private const int BufferBytes = 1 << 20;
    private const int ChunkBytes = 1 << 24;
    private const int HeaderAlignment = 8;

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes CPU tensors; a file of that name is replaced.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        WriteItems(path, tensors.Select(item => new SafeTensorsItem(item.Key, item.Value.dtype, item.Value.shape, item.Value.alias)), metadata);

    /// <summary>Writes tensors one by one as they are made; a file of that name is replaced.</summary>
    /// <returns>SHA-256 of the file, hex, lower case.</returns>
    public static string WriteItems(string path, IEnumerable<SafeTensorsItem> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderBy(item => item.Name, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
        void Put(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            digest.AppendData(bytes);
        }

        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        Put(prefix);
        Put(header);
        foreach (var item in ordered)
        {
            using var scope = NewDisposeScope();
            WriteTensor(item, Put);
        }

        DiskSync.Flush(stream);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static unsafe void WriteTensor(SafeTensorsItem item, Action<ReadOnlySpan<byte>> put)
    {
        var tensor = item.Make().detach().cpu().contiguous();
        if (tensor.dtype != item.Type || !tensor.shape.SequenceEqual(item.Shape))
        {
            throw new InvalidOperationException($"'{item.Name}' was announced as {item.Type} {TensorEntry.Text(item.Shape)} and is {tensor.dtype} {TensorEntry.Text(tensor.shape)}.");
        }

        var bytes = tensor.numel() * SafeTensorsType.SizeOf(item.Type);
        var start = bytes == 0 ? null : TensorMemory.Pointer(tensor);
        for (long at = 0; at < bytes; at += ChunkBytes)
        {
            put(new ReadOnlySpan<byte>(start + at, (int)Math.Min(ChunkBytes, bytes - at)));
        }

        GC.KeepAlive(tensor);
    }

    private static byte[] Header(List<SafeTensorsItem> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var item in tensors)
            {
                var end = offset + (item.Shape.Aggregate(1L, (product, length) => checked(product * length)) * SafeTensorsType.SizeOf(item.Type));
                WriteEntry(json, item, offset, end);
                offset = end;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % HeaderAlignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafeTensorsItem item, long begin, long end)
    {
        json.WriteStartObject(item.Name);
        json.WriteString("dtype", SafeTensorsType.NameOf(item.Type));
        json.WriteStartArray("shape");
        foreach (var length in item.Shape)
        {
            json.WriteNumberValue(length);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
