using System.Buffers.Binary;

namespace HSENet.Model.Weights.PyTorch;

/// <summary>
/// The layout of <c>torch.save</c> before PyTorch 1.6 (the file of bert-base-uncased has it): a magic number, a version, facts about the machine,
/// the object, the storages' keys, each a pickle; then per key an 8-byte count and the raw numbers.
/// </summary>
internal sealed class LegacyPyTorch
{
    private const long ProtocolVersion = 1001;

    private readonly string _path;
    private readonly Dictionary<string, (long Offset, long Count)> _storages = new(StringComparer.Ordinal);
    private readonly MappedFile _file;
    private readonly List<string> _keys;
    private long _next;

    private LegacyPyTorch(MappedFile file, string path, object? root, List<string> keys, long dataStart)
    {
        (_file, _path, Root, _keys, _next) = (file, path, root, keys, dataStart);
    }

    /// <summary>The pickle of the magic number, by which such a file is recognised.</summary>
    public static ReadOnlySpan<byte> Magic => [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>The object that was saved.</summary>
    public object? Root { get; }

    /// <exception cref="HSENetModelException"><c>weights.format</c>, <c>weights.global</c>.</exception>
    public static LegacyPyTorch Read(MappedFile file, string path)
    {
        if (file.LengthBytes < Magic.Length || !file.Bytes(0, Magic.Length).SequenceEqual(Magic))
        {
            throw Broken(path, "it does not begin with the magic number");
        }

        long position = Magic.Length;
        object? Next()
        {
            var reader = new PickleReader(file.Bytes(position, (int)Math.Min(PickleLimits.Bytes, file.LengthBytes - position)), path);
            var value = reader.Read();
            position += reader.Position;
            return value;
        }

        if (Next() is not ProtocolVersion || Next() is not PickleDictionary machine
            || (machine.Items.TryGetValue("little_endian", out var order) && order is not true))
        {
            throw Broken(path, "its version or byte order is not supported");
        }

        var root = Next();
        if (Next() is not List<object?> keys || !keys.TrueForAll(key => key is string))
        {
            throw Broken(path, "it does not list its storages");
        }

        return new LegacyPyTorch(file, path, root, [.. keys.Cast<string>()], position).Walk();
    }

    /// <returns>(first byte, bytes) of a storage.</returns>
    public (long Offset, long Length) Find(PickledStorage storage) =>
        _storages.TryGetValue(storage.Key, out var found) && found.Count == storage.Count
            ? (found.Offset, found.Count * storage.ElementBytes)
            : throw Broken(_path, $"the storage '{storage.Key}' is missing or has another length");

    /// <summary>Only the pickle tells the element size of a storage, so the references of the object decide how far each one reaches.</summary>
    private LegacyPyTorch Walk()
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        var visits = 0;
        ElementSizes(Root, sizes, 0, ref visits);
        foreach (var key in _keys)
        {
            if (!sizes.TryGetValue(key, out var size) || _next > _file.LengthBytes - 8)
            {
                throw Broken(_path, $"the storage '{key}' belongs to nothing that is read here, or lies after the file");
            }

            var count = BinaryPrimitives.ReadInt64LittleEndian(_file.Bytes(_next, 8));
            if (count < 0 || count > (_file.LengthBytes - _next - 8) / size || !_storages.TryAdd(key, (_next + 8, count)))
            {
                throw Broken(_path, $"the storage '{key}' ends after the file or comes twice");
            }

            _next += 8 + (count * size);
        }

        return this;
    }

    private void ElementSizes(object? value, Dictionary<string, int> sizes, int depth, ref int visits)
    {
        if (depth > PickleLimits.Depth || ++visits > PickleLimits.Visits)
        {
            throw Broken(_path, "its values are nested too deeply or too often");
        }

        switch (value)
        {
            case PickledTensor tensor:
                if (sizes.TryGetValue(tensor.Storage.Key, out var known) && known != tensor.Storage.ElementBytes)
                {
                    throw Broken(_path, $"the storage '{tensor.Storage.Key}' has two element types");
                }

                sizes[tensor.Storage.Key] = tensor.Storage.ElementBytes;
                break;
            case PickleDictionary dictionary:
                foreach (var item in dictionary.Items.Values)
                {
                    ElementSizes(item, sizes, depth + 1, ref visits);
                }

                break;
            case IEnumerable<object?> items:
                foreach (var item in items)
                {
                    ElementSizes(item, sizes, depth + 1, ref visits);
                }

                break;
        }
    }

    private static HSENetModelException Broken(string path, string detail) => new("weights.format", $"{path}: {detail}.");
}
