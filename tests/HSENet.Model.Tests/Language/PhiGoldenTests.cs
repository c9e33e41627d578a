using System.Text.Json;
using HSENet.Model.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Language;

public sealed class PhiGoldenTests : IDisposable
{
    private const double Tolerance = 2e-5;   // golden values are float64, ours float32

    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Logits_match_the_golden_model(int index)
    {
        using var quiet = no_grad();
        using var model = TinyPhi.Create();
        var golden = TinyPhi.Cases.ElementAt(index);
        var ids = golden.GetProperty("input_ids").Deserialize<long[]>()!;

        var hidden = model.Hidden(model.Embed(tensor(ids, 1, ids.Length)));          // [1, T, hidden]
        var logits = model.Logits(hidden)[0];                                        // [T, vocabulary]

        AssertClose(golden.GetProperty("last_hidden_last_pos"), hidden[0, ids.Length - 1]);
        AssertClose(golden.GetProperty("logits_last_pos"), logits[ids.Length - 1]);
        AssertClose(golden.GetProperty("logits_first_pos_first8"), logits[0, ..8]);
        Assert.Equal(golden.GetProperty("argmax_per_pos").Deserialize<long[]>()!, logits.argmax(1).data<long>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Logits_from_the_cache_match_the_golden_model(int index)
    {
        using var quiet = inference_mode();
        using var model = TinyPhi.Create();
        var golden = TinyPhi.Cases.ElementAt(index);
        var ids = golden.GetProperty("input_ids").Deserialize<long[]>()!;
        using var session = new DecodingSession(model, ids.Length);

        var logits = session.Prefill(model.Embed(tensor(ids[..3], 1, 3)));           // [vocabulary]
        foreach (var id in ids[3..])
        {
            logits = session.Step(id);
        }

        AssertClose(golden.GetProperty("logits_last_pos"), logits);
    }

    [Fact]
    public void Long_context_frequencies_match_the_golden_values()
    {
        var golden = GoldenText.Section("longrope_phi4mini");
        var config = FullSize.Config;

        Assert.Equal(golden.GetProperty("attention_scaling").GetDouble(), RotaryTable.AttentionFactor(config), 1e-12);
        foreach (var (name, isLong) in new[] { ("inv_freq_short", false), ("inv_freq_long", true) })
        {
            var frequencies = RotaryTable.Frequencies(config, isLong);
            foreach (var item in golden.GetProperty(name).EnumerateObject())
            {
                Assert.Equal(item.Value.GetDouble(), frequencies[int.Parse(item.Name)], 1e-12);
            }
        }
    }

    [Fact]
    public void Rotary_table_matches_the_golden_cosines_and_sines()
    {
        var golden = GoldenText.Section("longrope_phi4mini");
        var config = FullSize.Config;
        foreach (var item in golden.GetProperty("cos_sin").EnumerateArray())
        {
            var (length, position, pair) = (item.GetProperty("seq_len").GetInt32(), item.GetProperty("pos").GetInt32(), item.GetProperty("i").GetInt32());
            using var table = new RotaryTable(config, length, length, CPU);
            var unit = zeros(1, 1, 1, config.HeadSize);                              // a one in the first half turns into cosine and sine
            unit[0, 0, 0, pair] = 1;

            var rotated = table.Rotate(unit, position)[0, 0, 0];                     // [head]

            Assert.Equal(item.GetProperty("cos").GetDouble(), rotated[pair].item<float>(), 1e-6);
            Assert.Equal(item.GetProperty("sin").GetDouble(), rotated[pair + 48].item<float>(), 1e-6);
        }
    }

    [Fact]
    public void Unrotated_dimensions_pass_through()
    {
        var config = FullSize.Config;
        using var table = new RotaryTable(config, 10, 10, CPU);
        var heads = randn(1, 2, 3, config.HeadSize);
        Assert.True(table.Rotate(heads, 5)[.., .., .., 96..].equal(heads[.., .., .., 96..]).all().item<bool>());
    }

    public void Dispose() => _scope.Dispose();

    private static void AssertClose(JsonElement expected, Tensor actual)
    {
        var values = actual.to_type(ScalarType.Float64).data<double>().ToArray();
        var golden = expected.Deserialize<double[]>()!;
        Assert.Equal(golden.Length, values.Length);
        for (var i = 0; i < golden.Length; i++)
        {
            Assert.Equal(golden[i], values[i], Tolerance);
        }
    }
}
