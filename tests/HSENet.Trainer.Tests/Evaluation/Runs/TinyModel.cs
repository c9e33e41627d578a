using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.Trainer.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Evaluation.Runs;

/// <summary>A whole model directory of a few hundred kilobytes, with weights as they are before training.</summary>
internal static class TinyModel
{
    private static readonly string[] s_words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "lung", "heart", "nodule", "pleural", "effusion", "right", "left", "no", "normal", "is", "seen", "."];

    /// <param name="directory">Made.</param>
    /// <param name="towers"><c>both</c> or <c>local</c>.</param>
    public static void Write(string directory, string towers = "both")
    {
        Directory.CreateDirectory(directory);
        var vocabulary = BpeTrainer.Train(
            ["The heart is normal in size.", "A nodule is seen in the right lung.", "No pleural effusion is seen.", "yes", "no", "lung/left lung"], WordSplit.Gpt2, 60,
            ReportPrompt.BeginToken, ReportPrompt.PlaceholderToken);
        TokenizerFile.Write(Path.Combine(directory, "tokenizer.json"), vocabulary);
        File.WriteAllLines(Path.Combine(directory, "vocab.txt"), s_words);
        File.WriteAllLines(Path.Combine(directory, "templates.txt"), ["Where is the {abnormality}?", "In which part is the {abnormality} found?"]);
        var json = Json(towers, vocabulary.Tokens.Count + vocabulary.Added.Count, vocabulary.Added[ReportPrompt.BeginToken]);
        var configuration = ModelDirectory.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));

        using var scope = NewDisposeScope();
        manual_seed(11);
        using var network = new ReportNetwork(configuration);
        foreach (var file in configuration.Weights.Where(file => file.Role != WeightRoles.Clip))
        {
            SafeTensorsWriter.Write(Path.Combine(directory, file.Path), network.Targets(file.Role).Select(item => KeyValuePair.Create(item.Key, item.Value)));
        }

        var (image, text) = (configuration.Vision!.ToConfig(), configuration.Text!.ToConfig());
        using var second = new ClipModel(image, PatchGuide.Slices, text);
        using var first = new ClipModel(image, null, text);
        SafeTensorsWriter.Write(
            Path.Combine(directory, "clip.safetensors"),
            second.state_dict().Concat(towers == "both" ? first.state_dict().Select(item => KeyValuePair.Create(PublishedShapes.Stage1Prefix + item.Key, item.Value)) : [])
                .Select(item => KeyValuePair.Create(item.Key, item.Value)));
        ModelDirectory.Write(directory, configuration);
    }

    private static JsonObject Json(string towers, int vocabulary, int end) => JsonNode.Parse($$"""
        {
          "name": "tiny", "version": "1", "purpose": "demonstration",
          "vision": { "image": [8, 32, 32], "patch": [2, 8, 8], "hidden": 32, "layers": 1, "heads": 4, "mlp": 64, "towers": "{{towers}}", "guide": "slices" },
          "slices": { "count": 4, "width": 32, "encoder": { "image": 32, "patch": 16, "layers": 1, "heads": 4, "mlp": 64 } },
          "packer": { "kind": "spatial-packer", "points": [4, 2, 2], "out": 32 },
          "text": { "vocab": {{s_words.Length}}, "hidden": 32, "layers": 1, "heads": 4, "intermediate": 64, "positions": 64, "tokenizer": "vocab.txt" },
          "language": { "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 64, "vocab_size": {{vocabulary}},
                        "rms_norm_eps": 1e-5, "partial_rotary_factor": 0.5, "rope_theta": 10000.0, "original_max_position_embeddings": 4096, "max_position_embeddings": 4096 },
          "tokenizer": { "kind": "bpe", "split": "gpt2", "files": ["tokenizer.json"] },
          "preprocessing": { "protocol": "ct-rate", "spacing": [10, 5.6, 5.6], "volumeWindow": [-1000, 200], "sliceWindow": [-1000, 1000], "axes": ["S", "L", "P"] },
          "prompt": { "report": "Describe the scan.", "vqaTemplates": "templates.txt" },
          "generation": { "maxNewTokens": 12, "stop": [{{end}}], "answerMaxNewTokens": 6 },
          "weights": [
            { "role": "clip", "path": "clip.safetensors" }, { "role": "packers", "path": "packers.safetensors" },
            { "role": "slice-encoder", "path": "slice-encoder.safetensors" }, { "role": "language-model", "path": "language-model.safetensors" } ]
        }
        """)!.AsObject();
}
