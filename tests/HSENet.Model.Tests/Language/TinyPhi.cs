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

    /// <summary>The golden weights in another storage; int8 is quantized from them.</summary>
    public static PhiLanguageModel Create(WeightStorage storage)
    {
        using var exact = Create();
        var model = new PhiLanguageModel(Config, storage);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var weights = exact.state_dict();
        var linears = model.Linears.ToDictionary(item => $"{item.Name}.weight", item => item.Linear);
        foreach (var (name, tensor) in model.state_dict().Where(item => !linears.ContainsKey(item.Key) && !item.Key.EndsWith("_scale", StringComparison.Ordinal)))
        {
            tensor.copy_(weights[name]);
        }

        foreach (var (name, linear) in linears)
        {
            linear.Store(weights[name]);
        }

        return model;
    }

    /// <param name="name">Float32, BFloat16, or Int8 beside float32 embeddings and norms.</param>
    public static WeightStorage Storage(string name) => name switch
    {
        "Float32" => WeightStorage.Float32,
        "BFloat16" => WeightStorage.BFloat16,
        _ => new WeightStorage(ScalarType.Float32, IsInt8: true),
    };

    /// <summary>An adapter that does something: its second matrices are not zero.</summary>
    public static LoraAdapter CreateAdapter(int seed)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        manual_seed(seed);
        var adapter = new LoraAdapter(Config, new LoraConfig(4, 8));
        foreach (var (_, tensor) in adapter.state_dict())
        {
            tensor.copy_(randn(tensor.shape) * 0.1);
        }

        return adapter;
    }

    internal static Tensor Values(string key, string kind, long[] shape)
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
