using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights.PyTorch;

/// <summary>
/// The tensors of a file that <c>torch.save</c> wrote. Names of nested dictionaries are joined with dots; what is not a tensor is passed over.
/// Tensors lie in the mapped file, with the strides and shared storages that they were saved with.
/// </summary>
internal sealed class PyTorchFile : ITensorFile
{
    private readonly MappedFile _mapping;
    private readonly Dictionary<string, Placed> _tensors = new(StringComparer.Ordinal);
    private readonly bool _bigEndian;
    private int _visits;

    private PyTorchFile(string path, MappedFile mapping, bool bigEndian) => (Path, _mapping, _bigEndian) = (path, mapping, bigEndian);

    public string Path { get; }

    public IReadOnlyList<TensorEntry> Entries =>
        [.. _tensors.Select(item => new TensorEntry(item.Key, item.Value.Tensor.Storage.Type, item.Value.Tensor.Shape))];

    /// <summary>The ZIP that <c>torch.save</c> writes since PyTorch 1.6: <c>data.pkl</c> and one entry per storage.</summary>
    /// <exception cref="HSENetModelException"><c>weights.format</c>; <c>weights.global</c>: the pickle asks for more than tensors.</exception>
    public static PyTorchFile OpenZip(string path) => Open(path, mapping =>
    {
        var entries = StoredZip.Read(mapping, path);
        var pickles = entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.IndexOf('/') == name.Length - 9).ToList();
        if (pickles is not [var pickle] || entries[pickle].Length > PickleLimits.Bytes)
        {
            throw Broken(path, $"it is a ZIP without one data.pkl of at most {PickleLimits.Bytes} bytes");
        }

        var top = pickle[..^"data.pkl".Length];
        var file = new PyTorchFile(path, mapping, IsBigEndian(mapping, path, entries, top + "byteorder"));
        var root = new PickleReader(mapping.Bytes(entries[pickle].Offset, (int)entries[pickle].Length), path).Read();
        file.Collect(root, storage => entries.TryGetValue($"{top}data/{storage.Key}", out var entry)
            ? entry
            : throw Broken(path, $"the storage '{storage.Key}' is missing"));
        return file;
    });

    /// <summary>What <c>torch.save</c> wrote before PyTorch 1.6: five pickles, then the storages one after the other.</summary>
    /// <exception cref="HSENetModelException"><c>weights.format</c>; <c>weights.global</c>: a pickle asks for more than tensors.</exception>
    public static PyTorchFile OpenLegacy(string path) => Open(path, mapping =>
    {
        var legacy = LegacyPyTorch.Read(mapping, path);
        var file = new PyTorchFile(path, mapping, bigEndian: false);
        file.Collect(legacy.Root, storage => legacy.Find(storage));
        return file;
    });

    public Tensor View(string name)
    {
        if (!_tensors.TryGetValue(name, out var placed))
        {
            throw new HSENetModelException("weights.missing", $"{Path} has no tensor '{name}'.");
        }

        var (tensor, start) = placed;
        var storage = tensor.Storage;
        if (tensor.Shape.Contains(0))
        {
            return empty(tensor.Shape, storage.Type, CPU);
        }

        using var scope = NewDisposeScope();
        var first = start + ((storage.ViewOffset + tensor.Offset) * storage.ElementBytes);
        var reach = 1 + tensor.Shape.Zip(tensor.Stride, (length, step) => (length - 1) * step).Sum();
        var flat = _mapping.View(first, [reach], storage.Type, storage.ElementBytes);                       // [reach]
        if (_bigEndian)
        {
            flat = Swapped(flat, storage.ElementBytes);
        }

        return flat.as_strided(tensor.Shape, tensor.Stride).MoveToOuterDisposeScope();
    }

    public void Dispose() => _mapping.Dispose();

    private static PyTorchFile Open(string path, Func<MappedFile, PyTorchFile> read)
    {
        var mapping = MappedFile.Open(path);
        try
        {
            return read(mapping);
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    private static bool IsBigEndian(MappedFile mapping, string path, IReadOnlyDictionary<string, (long Offset, long Length)> entries, string name)
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            return false;
        }

        var order = entry.Length <= 16 ? mapping.Bytes(entry.Offset, (int)entry.Length) : [];
        return order.SequenceEqual("big"u8) || (order.SequenceEqual("little"u8) ? false : throw Broken(path, "its byteorder is neither little nor big"));
    }

    private void Collect(object? root, Func<PickledStorage, (long Offset, long Length)> find)
    {
        if (root is not PickleDictionary dictionary)
        {
            throw Broken(Path, "it does not hold a dictionary of tensors");
        }

        Collect(dictionary, string.Empty, 0, find);
        if (_tensors.Count == 0)
        {
            throw Broken(Path, "it holds no tensor by name");
        }
    }

    private void Collect(PickleDictionary dictionary, string prefix, int depth, Func<PickledStorage, (long Offset, long Length)> find)
    {
        foreach (var (key, value) in dictionary.Items)
        {
            if (depth >= PickleLimits.Depth || ++_visits > PickleLimits.Visits)
            {
                throw Broken(Path, "its dictionaries are nested too deeply or too often");
            }

            if (value is PickledTensor tensor && key is string name)
            {
                Place(prefix + name, tensor, find);
            }
            else if (value is PickleDictionary inner && key is string path)
            {
                Collect(inner, $"{prefix}{path}.", depth + 1, find);
            }
        }
    }

    private void Place(string name, PickledTensor tensor, Func<PickledStorage, (long Offset, long Length)> find)
    {
        var (offset, length) = find(tensor.Storage);
        if (tensor.Storage.Count > length / tensor.Storage.ElementBytes || length != tensor.Storage.Count * tensor.Storage.ElementBytes)
        {
            throw Broken(Path, $"the storage '{tensor.Storage.Key}' has {length} bytes, {tensor.Storage.Count} elements of {tensor.Storage.ElementBytes} were announced");
        }

        if (!_tensors.TryAdd(name, new Placed(tensor, offset)))
        {
            throw Broken(Path, $"the tensor '{name}' comes twice");
        }
    }

    private static unsafe Tensor Swapped(Tensor flat, int elementBytes)
    {
        var copy = flat.clone();
        var pointer = TensorMemory.Pointer(copy);
        var bytes = copy.numel() * elementBytes;
        for (long at = 0; at < bytes; at += elementBytes)
        {
            new Span<byte>(pointer + at, elementBytes).Reverse();
        }

        return copy;
    }

    private static HSENetModelException Broken(string path, string detail) => new("weights.format", $"{path}: {detail}.");

    private sealed record Placed(PickledTensor Tensor, long Start);
}
