using System.Text.Json;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests;

/// <summary>A language model with as many layers as Phi-4-mini, each of them narrow, with drawn values in bfloat16.</summary>
internal static class NarrowPhi
{
    private const string Json = """
        {
          "hidden_size": 64, "num_hidden_layers": 32, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 96, "vocab_size": 120,
          "max_position_embeddings": 131072, "original_max_position_embeddings": 4096, "partial_rotary_factor": 0.75, "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0, "tie_word_embeddings": true, "eos_token_id": 119,
          "rope_scaling": { "type": "longrope", "short_factor": [1, 1, 1, 1, 1, 1], "long_factor": [1, 2, 4, 8, 16, 32] }
        }
        """;

    /// <param name="folder">To be made.</param>
    /// <param name="rows">Of the embedding table.</param>
    /// <param name="layers">Decoder layers.</param>
    /// <param name="end">Token that ends a text.</param>
    public static PhiConfig Write(string folder, int rows = 120, int layers = 32, int end = 119)
    {
        Directory.CreateDirectory(folder);
        var json = Json.Replace("\"vocab_size\": 120", $"\"vocab_size\": {rows}", StringComparison.Ordinal)
            .Replace("\"num_hidden_layers\": 32", $"\"num_hidden_layers\": {layers}", StringComparison.Ordinal)
            .Replace("\"eos_token_id\": 119", $"\"eos_token_id\": {end}", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "config.json"), json);
        var config = JsonSerializer.Deserialize<PhiConfig>(json)!.Validated();
        using var scope = NewDisposeScope();
        manual_seed(11);
        SafeTensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            PublishedShapes.LanguageModel(config).Select(item => KeyValuePair.Create(item.Key, (randn(item.Value) * 0.1).to_type(ScalarType.BFloat16))));
        return config;
    }
}
