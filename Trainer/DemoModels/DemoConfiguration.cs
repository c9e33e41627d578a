namespace HSENet.Trainer.DemoModels;

/// <summary>The hsenet.json of the untrained model, but for the digests of the weights. All other code takes its sizes from here.</summary>
internal static class DemoConfiguration
{
    public const string Json = """
        {
          "name": "HSENet demonstration",
          "version": "0.0.0-untrained",
          "purpose": "demonstration",
          "warning": "demonstration model, untrained, not for clinical use",
          "licence": "MIT",
          "vision": {
            "image": [32, 128, 128], "patch": [4, 16, 16], "hidden": 96, "layers": 2, "heads": 4, "mlp": 192, "towers": "both", "guide": "slices"
          },
          "slices": { "count": 32, "width": 96, "encoder": { "image": 64, "patch": 16, "layers": 2, "heads": 4, "mlp": 192 } },
          "packer": { "kind": "spatial-packer", "points": [8, 4, 4], "out": 128 },
          "language": {
            "hidden_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 256,
            "vocab_size": 768, "hidden_act": "silu", "rms_norm_eps": 1e-5, "tie_word_embeddings": true, "attention_bias": false,
            "partial_rotary_factor": 0.75, "rope_theta": 10000.0, "original_max_position_embeddings": 4096, "max_position_embeddings": 8192,
            "rope_scaling": {
              "type": "longrope",
              "short_factor": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
              "long_factor": [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2]
            }
          },
          "tokenizer": { "kind": "bpe", "split": "gpt2", "files": ["tokenizer.json"] },
          "preprocessing": {
            "protocol": "ct-rate", "spacing": [1.5, 0.75, 0.75], "volumeWindow": [-1000, 200], "sliceWindow": [-1000, 1000],
            "sliceJpegQuality": 0, "axes": ["S", "L", "P"], "axesVerified": false
          },
          "prompt": { "report": "Write down what this chest scan shows." },
          "generation": { "maxNewTokens": 64, "stop": [766], "minNewTokens": 8, "timeLimitSeconds": 120 },
          "weights": [
            { "role": "vision-stage1", "path": "vision-stage1.safetensors" },
            { "role": "vision-stage2", "path": "vision-stage2.safetensors" },
            { "role": "packers", "path": "packers.safetensors" },
            { "role": "slice-encoder", "path": "slice-encoder.safetensors", "prefix": "visual.trunk." },
            { "role": "language-model", "path": "language-model.safetensors" }
          ]
        }
        """;
}
