using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>An open safetensors file: the checked header, and tensors read on demand.</summary>
internal sealed class SafeTensorsFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _stream;
    private readonly SafeTensorsHeader _header;
    private readonly Dictionary<string, SafeTensorsEntry> _entries;

    private SafeTensorsFile(string path, FileStream stream, SafeTensorsHeader header)
    {
        Path = path;
        _stream = stream;
        _header = header;
        _entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    public string Path { get; }

    /// <summary>In file order.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries => _header.Entries;

    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <exception cref="HSENetModelException"><c>weights.file</c>: cannot be opened; <c>weights.format</c>: not a sound safetensors file.</exception>
    public static SafeTensorsFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HSENetModelException("weights.file", $"{path} cannot be opened: {e.Message}", e);
        }

        try
        {
            return new SafeTensorsFile(path, stream, SafeTensorsHeader.Read(stream, path));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads one tensor into CPU memory of its own, in the file's type and shape.</summary>
    /// <exception cref="HSENetModelException"><c>weights.missing</c>: no such tensor.</exception>
    public Tensor Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            throw new HSENetModelException("weights.missing", $"{Path} has no tensor '{name}'.");
        }

        var tensor = empty(entry.Shape, entry.Type, CPU);
        if (entry.LengthBytes == 0)
        {
            return tensor;
        }

        try
        {
            _stream.Position = _header.DataStart + entry.Offset;
            tensor.ReadBytesFromStream(_stream, BufferBytes);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();
}
