using System.Buffers.Binary;
using System.Text.Json;

namespace HSENet.Model.Weights;

/// <summary>
/// The header of a safetensors file: 8 bytes little-endian length, JSON, then the data buffer. Everything it claims is checked against the
/// file's length before memory is taken; offsets must cover the buffer without holes or overlaps.
/// </summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The format's own limit of the JSON part, bytes.</summary>
    private const long MaxJsonBytes = 100_000_000;

    private const int PrefixBytes = 8;
    private const string MetadataKey = "__metadata__";

    private static readonly JsonDocumentOptions JsonOptions = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private SafeTensorsHeader(long fileBytes, long dataStart, IReadOnlyList<SafeTensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        FileBytes = fileBytes;
        DataStart = dataStart;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>Length of the file that the header was checked against.</summary>
    public long FileBytes { get; }

    /// <summary>File offset of the data buffer.</summary>
    public long DataStart { get; }

    /// <summary>In file order.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="HSENetModelException"><c>weights.format</c>.</exception>
    public static SafeTensorsHeader Read(Stream stream, string file)
    {
        var fileBytes = stream.Length;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        if (fileBytes < PrefixBytes)
        {
            throw Broken(file, $"{fileBytes} bytes are too few for a header");
        }

        stream.Position = 0;
        stream.ReadExactly(prefix);
        var jsonBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (jsonBytes > MaxJsonBytes || (long)jsonBytes > fileBytes - PrefixBytes)
        {
            throw Broken(file, $"a header of {jsonBytes} bytes does not fit a file of {fileBytes} bytes");
        }

        var json = new byte[jsonBytes];
        stream.ReadExactly(json);
        var dataStart = PrefixBytes + (long)jsonBytes;
        try
        {
            return Parse(json, dataStart, fileBytes - dataStart, file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // the latter: a text that is no Unicode
        {
            throw Broken(file, "the header is not valid JSON", e);
        }
    }

    private static SafeTensorsHeader Parse(byte[] json, long dataStart, long dataBytes, string file)
    {
        if (json is not [(byte)'{', ..])
        {
            throw Broken(file, "the header does not start with {");
        }

        using var document = JsonDocument.Parse(json, JsonOptions);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<SafeTensorsEntry>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                ReadMetadata(property.Value, metadata, file);
            }
            else
            {
                entries.Add(ReadEntry(property.Name, property.Value, dataBytes, file));
            }
        }

        var inFileOrder = entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.LengthBytes).ToList();
        CheckCover(inFileOrder, dataBytes, file);
        return new SafeTensorsHeader(dataStart + dataBytes, dataStart, inFileOrder, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string file)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Broken(file, $"{MetadataKey} is not an object");
        }

        foreach (var item in value.EnumerateObject())
        {
            metadata[item.Name] = item.Value.ValueKind == JsonValueKind.String
                ? item.Value.GetString()!
                : throw Broken(file, $"{MetadataKey} holds a value that is not a string");
        }
    }

    private static SafeTensorsEntry ReadEntry(string name, JsonElement value, long dataBytes, string file)
    {
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() != 3
            || !value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shapeValue) || Numbers(shapeValue) is not { } shape
            || !value.TryGetProperty("data_offsets", out var offsetsValue) || Numbers(offsetsValue) is not [var begin, var end])
        {
            throw Broken(file, $"tensor '{name}' lacks a usable dtype, shape or data_offsets");
        }

        if (!SafeTensorsType.TryFind(dtype.GetString()!, out var type, out var elementBytes))
        {
            throw Broken(file, $"tensor '{name}' has the unsupported type {dtype.GetString()}");
        }

        if (begin > end || end > dataBytes)
        {
            throw Broken(file, $"tensor '{name}' claims bytes {begin} to {end} of a buffer of {dataBytes}");
        }

        long bytes = elementBytes;
        try
        {
            foreach (var length in shape)
            {
                bytes = checked(bytes * length);
            }
        }
        catch (OverflowException e)
        {
            throw Broken(file, $"the shape of tensor '{name}' overflows", e);
        }

        return bytes == end - begin
            ? new SafeTensorsEntry(name, type, shape, begin, bytes)
            : throw Broken(file, $"tensor '{name}' needs {bytes} bytes and has {end - begin}");
    }

    private static long[]? Numbers(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new long[value.GetArrayLength()];
        var count = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[count]) || numbers[count] < 0)
            {
                return null;
            }

            count++;
        }

        return numbers;
    }

    private static void CheckCover(List<SafeTensorsEntry> inFileOrder, long dataBytes, string file)
    {
        long covered = 0;
        foreach (var entry in inFileOrder)
        {
            if (entry.Offset != covered)
            {
                throw Broken(file, $"tensor '{entry.Name}' starts at byte {entry.Offset}, {(entry.Offset < covered ? "inside another tensor" : "after a hole")}");
            }

            covered += entry.LengthBytes;
        }

        if (covered != dataBytes)
        {
            throw Broken(file, $"the tensors cover {covered} of {dataBytes} bytes");
        }
    }

    private static HSENetModelException Broken(string file, string detail, Exception? inner = null) =>
        new("weights.format", $"{file}: {detail}.", inner);
}
