using System.Text.Json;
using HSENet.Model.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Language;

public sealed class LoraTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(8, "y")]
    [InlineData(16, "y_rslora")]       // alpha / sqrt(rank) of rank 4 and alpha 8
    public void A_linear_layer_with_an_adapter_equals_the_golden_one(double alpha, string expected)
    {
        using var quiet = no_grad();
        var golden = GoldenText.Section("small_models", "lora_tiny");
        var x = tensor(golden.GetProperty("x").Deserialize<float[][]>()!.SelectMany(row => row).ToArray(), 2, 6);
        using var linear = new DecoderLinear(6, 5, WeightStorage.Float32);
        linear.Store(TinyPhi.Values(golden.GetProperty("base_key").GetString()!, "mat", [5, 6]));
        using var pair = new LoraPair(6, 5, new LoraConfig(4, alpha));
        pair.eval();
        pair.state_dict()["lora_A.weight"].copy_(TinyPhi.Values(golden.GetProperty("a_key").GetString()!, "mat", [4, 6]));
        pair.state_dict()["lora_B.weight"].copy_(TinyPhi.Values(golden.GetProperty("b_key").GetString()!, "mat", [5, 4]));
        var y = tensor(golden.GetProperty(expected).Deserialize<float[][]>()!.SelectMany(row => row).ToArray(), 2, 5);

        foreach (var merged in new[] { false, true })
        {
            linear.Use(pair, merged);
            AssertClose(y, linear.call(x), 1e-6);
        }

        if (expected == "y")
        {
            AssertClose(tensor(golden.GetProperty("merged_weight").Deserialize<float[][]>()!.SelectMany(row => row).ToArray(), 5, 6), linear.Weight + pair.Product(), 1e-6);
        }
    }

    [Fact]
    public void Names_and_shapes_are_those_of_the_published_adapter()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "golden", "keys_full_size.json")));
        var published = file.RootElement.EnumerateObject().Single(item => item.Name.Contains("adapter", StringComparison.Ordinal)).Value.EnumerateObject()
            .Where(item => item.Name.Contains("lora_", StringComparison.Ordinal))
            .ToDictionary(item => item.Name.Replace("base_model.model.model.", "").Replace(".default", ""), item => string.Join(',', item.Value.Deserialize<long[]>()!));
        using var adapter = new LoraAdapter(FullSize.Config, new LoraConfig(16, 32));

        Assert.Equal(256, published.Count);
        Assert.Equal(published.OrderBy(item => item.Key), adapter.state_dict().ToDictionary(item => item.Key, item => string.Join(',', item.Value.shape)).OrderBy(item => item.Key));
        Assert.Equal(23_068_672, adapter.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void A_new_adapter_changes_nothing()
    {
        using var quiet = inference_mode();
        using var model = TinyPhi.Create();
        var before = Logits(model);
        using var adapter = new LoraAdapter(TinyPhi.Config, new LoraConfig(4, 8));
        model.Use(adapter);
        Assert.True(before.equal(Logits(model)).all().item<bool>());
    }

    [Theory]
    [InlineData("Float32", true)]
    [InlineData("BFloat16", true)]
    [InlineData("Int8", false)]
    public void Adapters_are_switched_at_run_time_and_the_base_comes_back_bit_for_bit(string storage, bool canMerge)
    {
        using var quiet = inference_mode();
        using var model = TinyPhi.Create(TinyPhi.Storage(storage));
        using var first = TinyPhi.CreateAdapter(1);
        using var second = TinyPhi.CreateAdapter(2);
        var plain = Logits(model);
        model.Use(first);
        var one = Logits(model);
        model.Use(second);
        var two = Logits(model);
        Assert.True((plain - one).abs().max().item<float>() > 0.01f && (one - two).abs().max().item<float>() > 0.01f);

        if (canMerge)
        {
            model.Use(first, merged: true);
            AssertClose(one, Logits(model), storage == "Float32" ? 2e-5 : 0.01 * one.abs().max().item<float>());   // a merged matrix is rounded to its storage
        }
        else
        {
            Assert.Equal("model.precision", Assert.Throws<HSENetModelException>(() => model.Use(first, merged: true)).Code);
        }

        model.Use(first);
        Assert.True(one.equal(Logits(model)).all().item<bool>());
        model.Use(null);
        Assert.True(plain.equal(Logits(model)).all().item<bool>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_cache_equals_a_full_recomputation_with_an_adapter(bool merged)
    {
        using var quiet = inference_mode();
        using var model = TinyPhi.Create();
        using var adapter = TinyPhi.CreateAdapter(3);
        model.Use(adapter, merged);
        long[] ids = [.. Enumerable.Range(0, 24).Select(i => (long)(i * 5 % 40))];
        using var session = new DecodingSession(model, ids.Length);
        var logits = session.Prefill(model.Embed(tensor(ids[..4], 1, 4)));
        for (var length = 4; length < ids.Length; length++)
        {
            AssertClose(model.forward(model.Embed(tensor(ids[..length], 1, length)))[0, length - 1], logits, 2e-5);
            logits = session.Step(ids[length]);
        }
    }

    [Theory]
    [InlineData("Float32")]
    [InlineData("Int8")]
    public void Gradients_reach_the_adapter_and_not_the_base(string storage)
    {
        using var model = TinyPhi.Create(TinyPhi.Storage(storage));
        using var adapter = TinyPhi.CreateAdapter(4);
        model.Use(adapter);
        model.forward(model.Embed(tensor(new long[] { 1, 2, 3 }, 1, 3))).square().mean().backward();
        Assert.All(adapter.named_parameters(), item => Assert.True(item.parameter.grad is { } grad && grad.abs().sum().item<float>() > 0, item.name));
        Assert.All(model.Linears, item => Assert.True(item.Linear.Weight.grad is null, item.Name));
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Logits(PhiLanguageModel model) => model.forward(model.Embed(tensor(new long[] { 1, 7, 3, 11, 0, 39 }, 1, 6)));

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, tolerance);
    }
}
