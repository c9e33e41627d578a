using System.Text.Json;
using HSENet.Model.Weights;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>One file of golden tensors (tests/data/golden): inputs, weights and outputs of the reference, by name.</summary>
internal sealed class GoldenFile : IDisposable
{
    private readonly SafeTensorsFile _file;

    private GoldenFile(SafeTensorsFile file) => _file = file;

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", "golden", file);

    public static GoldenFile Open(string name) => new(SafeTensorsFile.Open(PathOf($"{name}.safetensors")));

    public JsonElement Metadata(string key)
    {
        using var document = JsonDocument.Parse(_file.Metadata[key]);
        return document.RootElement.Clone();
    }

    public long[] Shape(string name) => _file.Entries.Single(e => e.Name == name).Shape;

    public T[] Values<T>(string name)
        where T : unmanaged
    {
        using var value = _file.Read(name);
        return value.data<T>().ToArray();
    }

    /// <summary>The caller owns it.</summary>
    public Tensor Tensor(string name) => _file.Read(name);

    /// <summary>Copies every <c>w/…</c> tensor into the module; fails on a missing, left-over or misshapen name.</summary>
    public void LoadWeights(nn.Module module)
    {
        var state = module.state_dict();
        var weights = _file.Entries.Where(e => e.Name.StartsWith("w/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(state.Keys.Order(StringComparer.Ordinal), weights.Select(e => e.Name[2..]).Order(StringComparer.Ordinal));
        using var noGrad = no_grad();
        foreach (var entry in weights)
        {
            using var value = _file.Read(entry.Name);
            Assert.Equal(state[entry.Name[2..]].shape, value.shape);
            state[entry.Name[2..]].copy_(value);
        }
    }

    /// <summary>The largest absolute difference to a golden output, which must have the same shape.</summary>
    public double Difference(string name, Tensor actual)
    {
        Assert.Equal(Shape(name), actual.shape);
        using var scope = NewDisposeScope();
        return (Tensor(name) - actual).abs().max().item<float>();
    }

    public void Dispose() => _file.Dispose();
}
