using System.Text.Json;
using HSENet.Model.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Language;

public sealed class WeightStorageTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Int8_values_and_products_equal_the_golden_ones()
    {
        var golden = GoldenText.Section("int8");
        var (weight, scale) = WeightOnlyLinear.Quantize(Matrix(golden.GetProperty("W")));
        Assert.Equal(golden.GetProperty("W_int8").Deserialize<int[][]>()!.SelectMany(row => row), weight.to_type(ScalarType.Int32).data<int>());
        AssertClose(tensor(golden.GetProperty("W_absmax").Deserialize<float[]>()!) / 127, scale, 1e-8);
        AssertClose(Matrix(golden.GetProperty("W_dequant")), WeightOnlyLinear.Widen(weight, scale, ScalarType.Float32), 1e-6);
        AssertClose(Matrix(golden.GetProperty("Y_weight_only")), WeightOnlyLinear.Apply(Matrix(golden.GetProperty("X")), weight, scale), 1e-5);
    }

    [Fact]
    public void A_quantized_value_is_off_by_half_a_step_at_most()
    {
        var exact = randn(50, 300) * logspace(-3, 3, 50).unsqueeze(1);
        exact[7] = zeros(300);
        var (weight, scale) = WeightOnlyLinear.Quantize(exact);
        var off = (WeightOnlyLinear.Widen(weight, scale, ScalarType.Float32) - exact).abs().amax([1]);
        Assert.True((off <= scale * 0.5001f).all().item<bool>());
        Assert.Equal(0, scale[7].item<float>());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 7)]
    [InlineData(32, 64)]
    [InlineData(100, 65)]
    [InlineData(3072, 300)]
    public void One_row_and_many_rows_give_the_same_products(int inputs, int outputs)
    {
        using var quiet = inference_mode();
        var weight = randn(outputs, inputs);
        var input = randn(5, inputs);
        var (narrow, scale) = WeightOnlyLinear.Quantize(weight);
        foreach (var (stored, steps) in new[] { (weight.to_type(ScalarType.BFloat16), (Tensor?)null), (narrow, scale) })
        {
            var wide = WeightOnlyLinear.Widen(stored, steps, ScalarType.Float32).to_type(ScalarType.Float64);
            var expected = nn.functional.linear(input.to_type(ScalarType.Float64), wide);
            var many = WeightOnlyLinear.Apply(input, stored, steps);
            var one = cat([.. Enumerable.Range(0, 5).Select(row => WeightOnlyLinear.Apply(input[row].unsqueeze(0), stored, steps))]);
            AssertClose(expected, many, 1e-6 * inputs);
            AssertClose(expected, one, 1e-6 * inputs);
        }
    }

    [Fact]
    public void Bfloat16_weights_compute_as_their_float32_values_do()
    {
        using var quiet = inference_mode();
        using var exact = TinyPhi.Create();
        foreach (var tensor in exact.state_dict().Values)
        {
            tensor.copy_(tensor.to_type(ScalarType.BFloat16));
        }

        using var narrow = TinyPhi.Create(WeightStorage.BFloat16);
        AssertClose(Logits(exact), Logits(narrow), 2e-5);
        Assert.Equal(ScalarType.Float32, narrow.Type);
    }

    [Fact]
    public void Int8_weights_stay_near_the_float32_ones()
    {
        using var quiet = inference_mode();
        using var exact = TinyPhi.Create();
        using var narrow = TinyPhi.Create(TinyPhi.Storage("Int8"));
        var (expected, actual) = (Logits(exact), Logits(narrow));
        AssertClose(expected, actual, 0.02 * expected.abs().max().item<float>());
        Assert.InRange(nn.functional.cosine_similarity(expected.reshape(1, -1), actual.reshape(1, -1), 1, 1e-8).item<float>(), 0.999f, 1);

        // and equal those of float32 weights that hold the rounded values
        foreach (var (name, linear) in narrow.Linears)
        {
            exact.state_dict()[$"{name}.weight"].copy_(WeightOnlyLinear.Widen(linear.Weight, linear.Scale, ScalarType.Float32));
        }

        AssertClose(Logits(exact), actual, 2e-5);
    }

    [Theory]
    [InlineData("BFloat16")]
    [InlineData("Int8")]
    public void The_cache_equals_a_full_recomputation_in_every_storage(string storage)
    {
        using var quiet = inference_mode();
        using var model = TinyPhi.Create(TinyPhi.Storage(storage));
        long[] ids = [.. Enumerable.Range(0, 30).Select(i => (long)(i * 11 % 40))];
        using var session = new DecodingSession(model, ids.Length);
        var logits = session.Prefill(model.Embed(tensor(ids[..3], 1, 3)));
        for (var length = 3; length < ids.Length; length++)
        {
            AssertClose(model.forward(model.Embed(tensor(ids[..length], 1, length)))[0, length - 1], logits, 2e-5);
            logits = session.Step(ids[length]);
        }
    }

    [Fact]
    public void Names_of_int8_weights_are_those_of_the_float_ones_and_a_scale()
    {
        using var exact = TinyPhi.Create();
        using var narrow = TinyPhi.Create(TinyPhi.Storage("Int8"));
        var scales = exact.Linears.Select(item => $"{item.Name}.weight_scale").ToList();
        Assert.Equal(8, scales.Count);
        Assert.Equal(exact.state_dict().Keys.Concat(scales).Order(), narrow.state_dict().Keys.Order());
        Assert.Equal(ScalarType.Int8, narrow.state_dict()["model.layers.0.mlp.gate_up_proj.weight"].dtype);
        Assert.Equal(new long[] { 96 }, narrow.state_dict()["model.layers.0.mlp.gate_up_proj.weight_scale"].shape);
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Matrix(JsonElement golden)
    {
        var rows = golden.Deserialize<float[][]>()!;
        return tensor(rows.SelectMany(row => row).ToArray(), rows.Length, rows[0].Length);
    }

    private static Tensor Logits(PhiLanguageModel model) => model.forward(model.Embed(tensor(new long[] { 1, 7, 3, 11, 0, 39 }, 1, 6)));

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected.to_type(ScalarType.Float64) - actual.to_type(ScalarType.Float64)).abs().max().item<double>(), 0, tolerance);
    }
}
