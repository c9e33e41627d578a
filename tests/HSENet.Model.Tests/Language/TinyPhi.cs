using System.Text;
using System.Text.Json;
using HSENet.Model.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Language;

/// <summary>The tiny language model of the golden file: its weights follow a rule, its context switches to the long factors after 16 tokens.</summary>
internal static class TinyPhi
{
    private static readonly string[] Path = ["small_models", "phi3_tiny"];

    public static PhiConfig Config
    {
        get
        {
            var golden = GoldenText.Section(Path).GetProperty("config");
            var config = golden.Deserialize<PhiConfig>()!;
            return config with
            {
                RopeScaling = new LongRopeScaling
                {
                    Type = "longrope",
                    ShortFactor = golden.GetProperty("short_factor").Deserialize<double[]>()!,
                    LongFactor = golden.GetProperty("long_factor").Deserialize<double[]>()!,
                },
            };
        }
    }

    public static IEnumerable<JsonElement> Cases => GoldenText.Section(Path).GetProperty("cases").EnumerateArray();

    /// <summary>The model with the golden file's weights; fails when a name or shape differs from the published ones.</summary>
    public static PhiLanguageModel Create()
    {
        var model = new PhiLanguageModel(Config);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var parameters = model.state_dict();
        var golden = GoldenText.Section(Path).GetProperty("weights").EnumerateObject().ToList();
        Assert.Equal(golden.Select(item => item.Name).Order(StringComparer.Ordinal), parameters.Keys.Order(StringComparer.Ordinal));
        foreach (var item in golden)
        {
            var shape = item.Value.GetProperty("shape").Deserialize<long[]>()!;
            Assert.Equal(shape, parameters[item.Name].shape);
            parameters[item.Name].copy_(Values(item.Name, item.Value.GetProperty("kind").GetString()!, shape));
        }

        return model;
    }

    private static Tensor Values(string key, string kind, long[] shape)
    {
        var seed = Encoding.UTF8.GetBytes(key).Sum(value => value) % 1009;
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        for (var i = 0; i < values.Length; i++)
        {
            var s = Math.Sin((0.37 * (i + 1)) + seed);
            values[i] = (float)(kind switch { "mat" => 0.15 * s, "emb" => 0.5 * s, "norm" => 1 + (0.1 * s), _ => 0.05 * s });
        }

        return tensor(values, shape);
    }
}
