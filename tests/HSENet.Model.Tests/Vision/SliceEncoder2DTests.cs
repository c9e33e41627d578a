using System.Text;
using System.Text.Json;
using HSENet.Model.Vision;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

public sealed class SliceEncoder2DTests
{
    private const string Prefix = "visual.trunk.";

    [Fact]
    public void Slice_encoder_gives_the_golden_trunk_feature_from_weights_under_their_published_names()
    {
        var golden = GoldenText.Section("small_models", "timm_vit_tiny");
        var sizes = golden.GetProperty("config");
        var config = new SliceEncoderConfig(
            GoldenTowerTests.Size(sizes, "img_size"), GoldenTowerTests.Size(sizes, "patch_size"), GoldenTowerTests.Size(sizes, "embed_dim"),
            GoldenTowerTests.Size(sizes, "depth"), GoldenTowerTests.Size(sizes, "num_heads"), GoldenTowerTests.Size(sizes, "mlp_dim"));
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        var encoder = new SliceEncoder2D(config);
        LoadByRule(encoder, golden.GetProperty("weights"));
        var pixels = Enumerable.Range(0, 3 * config.Image * config.Image).Select(i => (float)Math.Sin(0.05 * i)).ToArray();

        var feature = encoder.call(tensor(pixels, [1, 3, config.Image, config.Image]));

        var expected = golden.GetProperty("trunk_feature").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        var actual = feature.data<float>().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
    }

    [Fact]
    public void Slices_encoded_in_batches_equal_slices_encoded_one_by_one()
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        manual_seed(3);
        var encoder = new SliceEncoder2D(SliceEncoderConfig.Tiny);
        var slices = rand(7, 3, 32, 32);

        var together = encoder.EncodeVolume(slices, CancellationToken.None);

        Assert.Equal([1, 7, 32], together.shape);
        for (var i = 0; i < 7; i++)
        {
            Assert.True((together[0, i] - encoder.call(slices.narrow(0, i, 1))[0]).abs().max().item<float>() < 1e-5);
        }
    }

    /// <summary>The file's weight rule: sine of the index and a seed made of the key, scaled by kind.</summary>
    private static void LoadByRule(SliceEncoder2D encoder, JsonElement weights)
    {
        var state = encoder.state_dict();
        var names = weights.EnumerateObject().Select(w => w.Name).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToArray();
        Assert.Equal(names.Select(n => n[Prefix.Length..]).Order(StringComparer.Ordinal), state.Keys.Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            var shape = weights.GetProperty(name).GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray();
            var seed = Encoding.UTF8.GetBytes(name).Sum(b => b) % 1009;
            var values = Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => Math.Sin((0.37 * (i + 1)) + seed));
            var scaled = weights.GetProperty(name).GetProperty("kind").GetString() switch
            {
                "mat" => values.Select(s => 0.15 * s),
                "emb" => values.Select(s => 0.5 * s),
                "norm" => values.Select(s => 1 + (0.1 * s)),
                _ => values.Select(s => 0.05 * s),
            };
            Assert.Equal(shape, state[name[Prefix.Length..]].shape);
            state[name[Prefix.Length..]].copy_(tensor(scaled.Select(v => (float)v).ToArray(), shape));
        }
    }
}
