using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using HSENet.Trainer.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>Writes a trained demonstration model as a model directory.</summary>
internal static class DemoWriter
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    public static void Write(DemoRecipe recipe, string directory)
    {
        Directory.CreateDirectory(directory);
        string At(string name) => Path.Combine(directory, name);
        using var scope = NewDisposeScope();
        TokenizerFile.Write(At(TrainedConfiguration.Tokenizer), recipe.Tokens);
        File.WriteAllText(At(TrainedConfiguration.TextVocabulary), string.Join('\n', recipe.Pieces) + "\n");
        Save(At(TrainedConfiguration.Clip), [
            .. recipe.Stage2.state_dict(),
            .. recipe.Stage1.state_dict().Select(item => KeyValuePair.Create(PublishedShapes.Stage1Prefix + item.Key, item.Value))]);
        Save(At(TrainedConfiguration.SliceEncoder), recipe.Network.Visual.SliceEncoder!.state_dict().Select(item => KeyValuePair.Create("visual.trunk." + item.Key, item.Value)));
        WriteLanguage(directory, recipe.Network, recipe.ReportAdapter, recipe.AnswerAdapter, recipe.AnswerPackers);
        WriteConfiguration(directory, (JsonObject)recipe.Json.DeepClone());
    }

    /// <summary>The decoder, and packers and low-rank matrices of both tasks.</summary>
    public static void WriteLanguage(string directory, ReportNetwork network, LoraAdapter report, LoraAdapter answer, PackerPair answerPackers)
    {
        using var scope = NewDisposeScope();
        Save(Path.Combine(directory, TrainedConfiguration.LanguageModel), network.Language.state_dict());
        Save(Path.Combine(directory, TrainedConfiguration.ReportAdapter), [.. VisualWeights.PackerTargets(network.Visual), .. report.state_dict()]);
        Save(Path.Combine(directory, TrainedConfiguration.AnswerAdapter), [.. answerPackers.Targets(), .. answer.state_dict()]);
    }

    /// <summary>hsenet.json with the digests of the weight files as they are.</summary>
    public static void WriteConfiguration(string directory, JsonObject json)
    {
        foreach (var file in json["weights"]!.AsArray())
        {
            using var stream = File.OpenRead(Path.Combine(directory, file!["path"]!.GetValue<string>()));
            file["sha256"] = Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        File.WriteAllText(Path.Combine(directory, ModelDirectory.ConfigurationFile), json.ToJsonString(s_json) + "\n");
    }

    /// <summary>In bfloat16, but for what the input scaling was folded into: differences of large numbers.</summary>
    private static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors) => SafeTensorsWriter.Write(path, tensors.Select(item => KeyValuePair.Create(
        item.Key,
        item.Key.Contains("patch_embedding", StringComparison.Ordinal) || item.Key.EndsWith("logit_scale", StringComparison.Ordinal) ? item.Value.detach() : item.Value.detach().to_type(ScalarType.BFloat16))));
}
