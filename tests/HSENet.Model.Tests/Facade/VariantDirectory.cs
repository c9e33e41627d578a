using System.Text;
using System.Text.Json.Nodes;
using HSENet.Model.Configuration;
using HSENet.Model.Weights;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Facade;

/// <summary>A tiny model directory with drawn weights, in any of the paper's variants.</summary>
internal static class VariantDirectory
{
    public const int Out = 32;
    public const int Patches = 2 * 4 * 4;

    private const string Json = """
        {
          "name": "variant", "version": "1", "purpose": "research",
          "vision": { "image": [8, 32, 32], "patch": [4, 8, 8], "hidden": 24, "layers": 1, "heads": 2, "mlp": 32 },
          "slices": { "count": 4, "width": 24, "encoder": { "image": 32, "patch": 16, "layers": 1, "heads": 2, "mlp": 32 } },
          "packer": { "points": [2, 2, 1], "out": 32 },
          "language": {
            "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 48,
            "vocab_size": 768, "partial_rotary_factor": 0.75, "max_position_embeddings": 512
          },
          "tokenizer": { "kind": "bpe", "split": "gpt2", "files": ["tokenizer.json"] },
          "preprocessing": {
            "protocol": "ct-rate", "spacing": [10, 5, 5], "volumeWindow": [-1000, 200], "sliceWindow": [-1000, 1000], "sliceJpegQuality": 0,
            "axes": ["S", "L", "P"], "axesVerified": true
          },
          "prompt": { "report": "Describe it." },
          "generation": { "maxNewTokens": 24, "stop": [766], "minNewTokens": 1 }
        }
        """;

    /// <param name="folder">Made.</param>
    /// <param name="edit">Changes hsenet.json before the weights are drawn for it.</param>
    /// <returns>Names of the tensors of each role.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Write(string folder, Action<JsonObject> edit)
    {
        Directory.CreateDirectory(folder);
        var json = JsonNode.Parse(Json)!.AsObject();
        edit(json);
        File.Copy(Path.Combine(DemoModelFixture.Directory, "tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        var configuration = ModelDirectory.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));
        manual_seed(17);
        using var network = new ReportNetwork(configuration);
        var written = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var role in (string[])[WeightRoles.VisionStage1, WeightRoles.VisionStage2, WeightRoles.SliceEncoder, WeightRoles.Packers, WeightRoles.LanguageModel])
        {
            var isThere = role switch
            {
                WeightRoles.VisionStage1 => network.Visual.GlobalTower is not null,
                WeightRoles.VisionStage2 => network.Visual.LocalTower is not null,
                WeightRoles.SliceEncoder => network.Visual.SliceEncoder is not null,
                _ => true,
            };
            if (isThere)
            {
                SafeTensorsWriter.Write(Path.Combine(folder, $"{role}.safetensors"), network.Targets(role));
                written.Add(role, [.. network.Targets(role).Keys]);
            }
        }

        ModelDirectory.Write(folder, configuration with { Weights = [.. written.Keys.Select(role => new WeightSection { Role = role, Path = $"{role}.safetensors" })] });
        return written;
    }

    public static Action<JsonObject> Variant(string kind, string towers, string guide) => json =>
    {
        (json["packer"]!["kind"], json["vision"]!["towers"], json["vision"]!["guide"]) = (kind, towers, guide);
    };
}
