using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Weights;

public sealed class WeightLoaderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Loader_fills_every_tensor_and_strips_the_prefix()
    {
        var part = Part(Save("one", ("tower.a", ones(2, 3)), ("tower.b", full(4, 2.0))), "tower.");
        WeightLoader.Load([part]);
        Assert.Equal(1, part.Targets["a"].mean().item<float>());
        Assert.Equal(2, part.Targets["b"].mean().item<float>());
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public void Loader_converts_other_floating_types(ScalarType type)
    {
        var part = Part(Save("one", ("a", full([2, 3], 0.5).to_type(type)), ("b", ones(4))));
        WeightLoader.Load([part]);
        Assert.Equal(ScalarType.Float32, part.Targets["a"].dtype);
        Assert.Equal(0.5f, part.Targets["a"].mean().item<float>());
    }

    [Fact]
    public void Loader_joins_the_shards_of_a_part()
    {
        var part = Part(Save("one", ("a", ones(2, 3)))) with { Files = [new(Save("one", ("a", ones(2, 3)))), new(Save("two", ("b", ones(4))))] };
        WeightLoader.Load([part]);
        Assert.Equal(1, part.Targets["b"].mean().item<float>());
    }

    [Fact]
    public void Loader_takes_two_parts_from_one_file_by_their_prefixes()
    {
        var path = Save("one", ("x.a", ones(2, 3)), ("x.b", ones(4)), ("y.a", full([2, 3], 3.0)), ("y.b", ones(4)));
        var (x, y) = (Part(path, "x."), Part(path, "y."));
        WeightLoader.Load([x, y]);
        Assert.Equal(1, x.Targets["a"].mean().item<float>());
        Assert.Equal(3, y.Targets["a"].mean().item<float>());
    }

    [Fact]
    public void Missing_tensor_is_named() => AssertRefused("weights.missing", "b", Part(Save("one", ("a", ones(2, 3)))));

    [Fact]
    public void Unexpected_tensor_is_named() =>
        AssertRefused("weights.unexpected", "extra", Part(Save("one", ("a", ones(2, 3)), ("b", ones(4)), ("extra", ones(1)))));

    [Fact]
    public void Tensors_outside_the_prefix_belong_to_other_parts_of_a_published_file()
    {
        var part = Part(Save("one", ("x.a", ones(2, 3)), ("x.b", ones(4)), ("other.c", ones(1))), "x.");
        WeightLoader.Load([part]);
        Assert.Equal(1, part.Targets["a"].mean().item<float>());
    }

    [Fact]
    public void Every_fault_of_every_kind_is_named_at_once()
    {
        var part = Part(Save("one", ("a", ones(3, 2)), ("extra.1", ones(1)), ("extra.2", ones(1))));
        var refusal = Assert.Throws<HSENetModelException>(() => WeightLoader.Load([part]));
        Assert.Equal("weights.missing", refusal.Code);
        Assert.All(["tensors are missing: b;", "unexpected tensors: extra.1, extra.2;", "a [3, 2] instead of [2, 3]"], text => Assert.Contains(text, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Tensors_that_are_not_loaded_must_be_there_all_the_same()
    {
        var part = Part(Save("one", ("a", ones(2, 3)), ("b", ones(4)), ("c", ones(5)))) with { NotLoaded = new Dictionary<string, long[]> { ["c"] = [5] } };
        WeightLoader.Load([part]);
        AssertRefused("weights.shape", "c [5] instead of [6]", part with { NotLoaded = new Dictionary<string, long[]> { ["c"] = [6] } });
        AssertRefused("weights.missing", "d", part with { NotLoaded = new Dictionary<string, long[]> { ["c"] = [5], ["d"] = [1] } });
    }

    [Fact]
    public void Misshapen_tensor_is_named_with_both_shapes() =>
        AssertRefused("weights.shape", "a [3, 2] instead of [2, 3]", Part(Save("one", ("a", ones(3, 2)), ("b", ones(4)))));

    [Fact]
    public void Tensor_that_comes_twice_is_named()
    {
        var part = Part(Save("one", ("a", ones(2, 3)), ("b", ones(4))));
        AssertRefused("weights.duplicate", "b", part with { Files = [.. part.Files, new(Save("two", ("b", ones(4))))] });
    }

    [Fact]
    public void Tensor_of_integers_is_named() =>
        AssertRefused("weights.type", "b", Part(Save("one", ("a", ones(2, 3)), ("b", ones(4, ScalarType.Int64)))));

    [Fact]
    public void Value_that_is_not_finite_is_refused() =>
        AssertRefused("weights.value", "b", Part(Save("one", ("a", ones(2, 3)), ("b", full(4, double.NaN)))));

    [Fact]
    public void A_fault_in_one_part_leaves_the_others_untouched()
    {
        var sound = Part(Save("one", ("a", ones(2, 3)), ("b", ones(4))));
        var faulty = Part(Save("two", ("a", ones(2, 3))));
        Assert.Throws<HSENetModelException>(() => WeightLoader.Load([sound, faulty]));
        Assert.Equal(0, sound.Targets["a"].abs().max().item<float>());
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static void AssertRefused(string code, string name, WeightPart part)
    {
        var refusal = Assert.Throws<HSENetModelException>(() => WeightLoader.Load([part]));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("part", refusal.Message, StringComparison.Ordinal);
    }

    private static WeightPart Part(string path, string prefix = "") =>
        new("part", [new WeightFile(path, prefix)], new Dictionary<string, Tensor> { ["a"] = zeros(2, 3), ["b"] = zeros(4) });

    private string Save(string name, params (string Name, Tensor Values)[] tensors)
    {
        var path = _folder.Path(name);
        SafeTensorsWriter.Write(path, tensors.Select(item => KeyValuePair.Create(item.Name, item.Values)));
        return path;
    }
}
