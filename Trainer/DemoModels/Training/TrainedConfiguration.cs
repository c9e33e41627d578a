using System.Text;
using System.Text.Json.Nodes;
using HSENet.Model.Configuration;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>The hsenet.json of the trained demonstration model, but for what the vocabularies and the digests decide. All other code takes its sizes from here.</summary>
internal static class TrainedConfiguration
{
    public const string Tokenizer = "tokenizer.json";
    public const string TextVocabulary = "vocab.txt";
    public const string Clip = "clip.safetensors";
    public const string SliceEncoder = "slice-encoder.safetensors";
    public const string LanguageModel = "language-model.safetensors";
    public const string ReportAdapter = "report-adapter.safetensors";
    public const string AnswerAdapter = "vqa-adapter.safetensors";

    private const string Json = """
        {
          "name": "HSENet demonstration",
          "version": "1.0.0-phantoms",
          "purpose": "demonstration",
          "warning": "demonstration model, trained on synthetic phantoms only, not for clinical use",
          "licence": "MIT",
          "vision": {
            "image": [32, 64, 64], "patch": [4, 8, 8], "hidden": 64, "layers": 2, "heads": 4, "mlp": 128, "towers": "both", "guide": "slices"
          },
          "slices": { "count": 32, "width": 64, "encoder": { "image": 64, "patch": 16, "layers": 2, "heads": 4, "mlp": 128 } },
          "packer": { "kind": "spatial-packer", "points": [4, 4, 2], "out": 128 },
          "text": { "vocab": 0, "hidden": 64, "layers": 2, "heads": 4, "intermediate": 128, "positions": 160, "tokenizer": "vocab.txt" },
          "language": {
            "hidden_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 256,
            "vocab_size": 768, "hidden_act": "silu", "rms_norm_eps": 1e-5, "tie_word_embeddings": true, "attention_bias": false,
            "partial_rotary_factor": 0.75, "rope_theta": 10000.0, "original_max_position_embeddings": 4096, "max_position_embeddings": 8192,
            "rope_scaling": {
              "type": "longrope",
              "short_factor": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
              "long_factor": [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2]
            },
            "lora": { "rank": 8, "alpha": 16 }
          },
          "tokenizer": { "kind": "bpe", "split": "gpt2", "files": ["tokenizer.json"] },
          "preprocessing": {
            "protocol": "ct-rate", "spacing": [10, 5.625, 5.625], "volumeWindow": [-1000, 200], "sliceWindow": [-1000, 1000],
            "sliceJpegQuality": 0, "axes": ["S", "L", "P"], "axesVerified": true
          },
          "prompt": { "report": "Describe the findings of this chest CT." },
          "generation": { "maxNewTokens": 256, "stop": [0], "minNewTokens": 8, "timeLimitSeconds": 120, "answerMaxNewTokens": 24 },
          "weights": [
            { "role": "clip", "path": "clip.safetensors" },
            { "role": "slice-encoder", "path": "slice-encoder.safetensors", "prefix": "visual.trunk." },
            { "role": "language-model", "path": "language-model.safetensors" },
            { "role": "adapter", "path": "report-adapter.safetensors", "task": "report" },
            { "role": "adapter", "path": "vqa-adapter.safetensors", "task": "vqa" }
          ]
        }
        """;

    /// <param name="textPieces">Rows of the text encoder's vocabulary.</param>
    /// <param name="tokens">Rows of the language model's vocabulary.</param>
    /// <param name="stop">The token that ends a text.</param>
    public static JsonObject Make(int textPieces, int tokens, int stop)
    {
        var json = JsonNode.Parse(Json)!.AsObject();
        json["text"]!["vocab"] = textPieces;
        json["language"]!["vocab_size"] = tokens;
        json["generation"]!["stop"] = new JsonArray(stop);
        return json;
    }

    public static ModelConfiguration Parse(JsonObject json) => ModelDirectory.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
