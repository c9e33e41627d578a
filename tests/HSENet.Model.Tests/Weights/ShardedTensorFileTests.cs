using System.Text;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Weights;

public sealed class ShardedTensorFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Shards_are_read_as_one_file()
    {
        using var file = Open("""{"metadata":{"total_size":28},"weight_map":{"a":"one.safetensors","b":"two.safetensors","c":"two.safetensors"}}""");
        Assert.Equal(["a", "b", "c"], file.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, file.View("b").mean().item<float>());
        Assert.Equal("weights.missing", Assert.Throws<HSENetModelException>(() => file.View("d")).Code);
    }

    [Theory]
    [InlineData("weights.missing", """{"weight_map":{"a":"one.safetensors","b":"two.safetensors","c":"two.safetensors","d":"two.safetensors"}}""", "d")]
    [InlineData("weights.unexpected", """{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""", "'c'")]
    [InlineData("weights.missing", """{"weight_map":{"a":"two.safetensors","b":"two.safetensors","c":"two.safetensors"}}""", "two.safetensors: tensors that")]
    [InlineData("weights.file", """{"weight_map":{"a":"absent.safetensors"}}""", "absent")]
    [InlineData("weights.format", """{"weight_map":{"a":"../one.safetensors"}}""", "../one")]
    [InlineData("weights.format", """{"weight_map":{"a":"model.safetensors.index.json"}}""", "safetensors.index.json")]
    [InlineData("weights.format", """{"weight_map":{"a":7}}""", "")]
    [InlineData("weights.format", """{"weight_map":{}}""", "empty")]
    [InlineData("weights.format", """{"weight_map":[]}""", "weight_map")]
    [InlineData("weights.format", """{"weight_map":{"a":"one.safetensors","a":"two.safetensors"}}""", "")]
    [InlineData("weights.format", "{", "JSON")]
    [InlineData("weights.format", """{"weight_map":{"\ud800":"one.safetensors"}}""", "JSON")]
    [InlineData("weights.format", """{"weight_map":{"a":"\ud800"}}""", "JSON")]
    public void Index_that_disagrees_with_its_shards_or_points_elsewhere_is_refused(string code, string index, string name)
    {
        var refusal = Assert.Throws<HSENetModelException>(() => Open(index));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_of_three_gigabytes_is_opened_without_reading_it_into_managed_memory()
    {
        const long Rows = 3L << 18;
        var header = Encoding.UTF8.GetBytes($$"""{"big":{"dtype":"BF16","shape":[{{Rows}},2048],"data_offsets":[0,{{Rows * 4096}}] } }""");
        var path = _folder.Path("big.safetensors");
        using (var stream = File.Create(path))
        {
            stream.Write(BitConverter.GetBytes((long)header.Length));
            stream.Write(header);
            stream.SetLength(8 + header.Length + (Rows * 4096));
            stream.Position = stream.Length - 2;
            stream.Write([0x80, 0x3f]);   // the last value is 1
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var file = TensorFiles.Open(path);
        var view = file.View("big");
        Assert.Equal([Rows, 2048], view.shape);
        Assert.Equal(1, view[Rows - 1, 2047].to_type(ScalarType.Float32).item<float>());
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 << 20);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private ITensorFile Open(string index)
    {
        SafeTensorsWriter.Write(_folder.Path("one.safetensors"), [KeyValuePair.Create("a", ones(2))]);
        SafeTensorsWriter.Write(_folder.Path("two.safetensors"), [KeyValuePair.Create("b", full(3, 2.0)), KeyValuePair.Create("c", ones(1))]);
        return TensorFiles.Open(_folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes(index)));
    }
}
