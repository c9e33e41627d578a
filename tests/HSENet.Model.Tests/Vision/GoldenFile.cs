using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>One file of golden tensors (tests/data/golden): inputs, weights and outputs of the reference, by name.</summary>
internal sealed class GoldenFile
{
    private readonly byte[] _bytes;
    private readonly int _data;
    private readonly JsonElement _header;

    private GoldenFile(byte[] bytes)
    {
        _bytes = bytes;
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _data = 8 + headerLength;
        using var document = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        _header = document.RootElement.Clone();
    }

    public IEnumerable<string> Names => _header.EnumerateObject().Select(p => p.Name).Where(n => n != "__metadata__");

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", "golden", file);

    public static GoldenFile Open(string name) => new(File.ReadAllBytes(PathOf($"{name}.safetensors")));

    public JsonElement Metadata(string key)
    {
        using var document = JsonDocument.Parse(_header.GetProperty("__metadata__").GetProperty(key).GetString()!);
        return document.RootElement.Clone();
    }

    public long[] Shape(string name) => [.. _header.GetProperty(name).GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];

    public T[] Values<T>(string name)
        where T : unmanaged
    {
        var entry = _header.GetProperty(name);
        var stored = entry.GetProperty("dtype").GetString() switch
        {
            "F32" => typeof(float),
            "F64" => typeof(double),
            "I64" => typeof(long),
            "I16" => typeof(short),
            "U8" => typeof(byte),
            var other => throw new NotSupportedException(other),
        };
        Assert.Equal(typeof(T), stored);
        var (begin, end) = (entry.GetProperty("data_offsets")[0].GetInt32(), entry.GetProperty("data_offsets")[1].GetInt32());
        return MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(_data + begin, end - begin)).ToArray();
    }

    public Tensor Tensor(string name) => tensor(Values<float>(name), Shape(name));

    /// <summary>Copies every <c>w/…</c> tensor into the module; fails on a missing, left-over or misshapen name.</summary>
    public void LoadWeights(nn.Module module)
    {
        var state = module.state_dict();
        var weights = Names.Where(n => n.StartsWith("w/", StringComparison.Ordinal)).Select(n => n[2..]).ToArray();
        Assert.Equal(state.Keys.Order(StringComparer.Ordinal), weights.Order(StringComparer.Ordinal));
        using var noGrad = no_grad();
        foreach (var name in weights)
        {
            using var value = Tensor($"w/{name}");
            Assert.Equal(state[name].shape, value.shape);
            state[name].copy_(value);
        }
    }

    /// <summary>The largest absolute difference to a golden output, which must have the same shape.</summary>
    public double Difference(string name, Tensor actual)
    {
        Assert.Equal(Shape(name), actual.shape);
        using var scope = NewDisposeScope();
        return (Tensor(name) - actual).abs().max().item<float>();
    }
}
