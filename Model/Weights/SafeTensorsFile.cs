using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>An open safetensors file: the checked header, and tensors that lie in the mapped file.</summary>
internal sealed class SafeTensorsFile : ITensorFile
{
    private readonly MappedFile _mapping;
    private readonly SafeTensorsHeader _header;
    private readonly Dictionary<string, SafeTensorsEntry> _entries;

    private SafeTensorsFile(string path, MappedFile mapping, SafeTensorsHeader header)
    {
        Path = path;
        _mapping = mapping;
        _header = header;
        _entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    /// <summary>In file order.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries => _header.Entries;

    IReadOnlyList<TensorEntry> ITensorFile.Entries => Entries;

    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <exception cref="HSENetModelException"><c>weights.file</c>: cannot be opened; <c>weights.format</c>: not a sound safetensors file.</exception>
    public static SafeTensorsFile Open(string path)
    {
        SafeTensorsHeader header;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            header = SafeTensorsHeader.Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HSENetModelException("weights.file", $"{path} cannot be opened: {e.Message}", e);
        }

        var mapping = MappedFile.Open(path);
        if (mapping.LengthBytes != header.FileBytes)
        {
            mapping.Dispose();
            throw new HSENetModelException("weights.format", $"{path} changed while it was opened.");
        }

        return new SafeTensorsFile(path, mapping, header);
    }

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>One tensor in the file's type and shape, in the mapped file itself; see <see cref="ITensorFile.View"/>.</summary>
    /// <exception cref="HSENetModelException"><c>weights.missing</c>: no such tensor.</exception>
    public Tensor View(string name)
    {
        var entry = Find(name);
        return _mapping.View(_header.DataStart + entry.Offset, entry.Shape, entry.Type, SafeTensorsType.SizeOf(entry.Type));
    }

    /// <summary>Copies one tensor into CPU memory of its own, in the file's type and shape.</summary>
    /// <exception cref="HSENetModelException"><c>weights.missing</c>: no such tensor.</exception>
    public Tensor Read(string name)
    {
        using var view = View(name);
        return view.clone();
    }

    public void Dispose() => _mapping.Dispose();

    private SafeTensorsEntry Find(string name) => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new HSENetModelException("weights.missing", $"{Path} has no tensor '{name}'.");
}
