using System.Text.Json;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>The shards of one model, joined by their index (<c>model.safetensors.index.json</c>: <c>weight_map</c>, name to shard).</summary>
internal sealed class ShardedTensorFile : ITensorFile
{
    public const string Suffix = ".index.json";

    private const long MaxIndexBytes = 32 << 20;
    private const int MaxShards = 10_000;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly List<ITensorFile> _shards = [];
    private readonly Dictionary<string, ITensorFile> _owner = new(StringComparer.Ordinal);

    private ShardedTensorFile(string path) => Path = path;

    public string Path { get; }

    public IReadOnlyList<TensorEntry> Entries => [.. _shards.SelectMany(shard => shard.Entries)];

    /// <exception cref="HSENetModelException">
    /// <c>weights.file</c>, <c>weights.format</c>; <c>weights.missing</c>, <c>weights.unexpected</c>: the index and the shards disagree, each
    /// tensor is named.
    /// </exception>
    public static ShardedTensorFile Open(string path)
    {
        var map = WeightMap(path);
        var joined = new ShardedTensorFile(path);
        try
        {
            var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            foreach (var group in map.GroupBy(item => item.Value, StringComparer.Ordinal))
            {
                joined.Add(TensorFiles.Open(System.IO.Path.Combine(folder, group.Key)), [.. group.Select(item => item.Key)]);
            }

            return joined;
        }
        catch
        {
            joined.Dispose();
            throw;
        }
    }

    /// <returns>File names of the shards, beside the index.</returns>
    public static IReadOnlyList<string> ShardNames(string path) => [.. WeightMap(path).Values.Distinct(StringComparer.Ordinal)];

    public Tensor View(string name) => _owner.TryGetValue(name, out var shard)
        ? shard.View(name)
        : throw new HSENetModelException("weights.missing", $"{Path} has no tensor '{name}'.");

    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }
    }

    private void Add(ITensorFile shard, HashSet<string> announced)
    {
        _shards.Add(shard);
        foreach (var entry in shard.Entries)
        {
            if (announced.Remove(entry.Name))
            {
                _owner.Add(entry.Name, shard);
                continue;
            }

            throw new HSENetModelException("weights.unexpected", $"{shard.Path} holds the tensor '{entry.Name}', which {Path} does not place there.");
        }

        if (announced.Count > 0)
        {
            throw new HSENetModelException("weights.missing", $"{shard.Path}: tensors that {Path} promises are missing: {string.Join(", ", announced.Order(StringComparer.Ordinal))}.");
        }
    }

    private static Dictionary<string, string> WeightMap(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxIndexBytes)
            {
                throw Broken(path, $"it is larger than {MaxIndexBytes} bytes");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            {
                throw Broken(path, "it has no weight_map");
            }

            var shards = map.EnumerateObject().ToDictionary(item => item.Name, item => FileName(path, item.Value), StringComparer.Ordinal);
            return shards.Count > 0 && shards.Values.Distinct(StringComparer.Ordinal).Count() <= MaxShards
                ? shards
                : throw Broken(path, "its weight_map is empty or names too many files");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // the latter: a text that is no Unicode
        {
            throw Broken(path, "it is not valid JSON", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HSENetModelException("weights.file", $"{path} cannot be opened: {e.Message}", e);
        }
    }

    private static string FileName(string path, JsonElement value)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        return name.Length is > 0 and <= 255 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0
            && !name.EndsWith(Suffix, StringComparison.Ordinal)
            ? name
            : throw Broken(path, $"'{name}' is not the name of a file beside it");
    }

    private static HSENetModelException Broken(string path, string detail, Exception? inner = null) =>
        new("weights.format", $"{path}: {detail}.", inner);
}
