using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using HSENet.Trainer.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels;

/// <summary>Writes a model directory for tests: the real network at toy size, untrained. Same seed, same bytes.</summary>
internal static class DemoModel
{
    private const int SentenceCount = 1500;
    private const int Bytes = 256;
    private const int AddedTokens = 2;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    /// <returns>The files that were written.</returns>
    public static IReadOnlyList<FileInfo> Write(string directory, ulong seed)
    {
        Directory.CreateDirectory(directory);
        var configuration = ModelDirectory.Parse(Encoding.UTF8.GetBytes(DemoConfiguration.Json));
        var random = new SeededGenerator(seed);
        var vocabulary = BpeTrainer.Train(
            SyllableText.Sentences(random, SentenceCount),
            WordSplit.Gpt2,
            configuration.Language!.VocabularySize - Bytes - AddedTokens,
            ReportPrompt.BeginToken,
            ReportPrompt.PlaceholderToken);
        TokenizerFile.Write(Path.Combine(directory, configuration.Tokenizer!.Files[0]), vocabulary);
        WriteWeights(directory, configuration, new DemoWeights(random, vocabulary));

        var json = JsonNode.Parse(DemoConfiguration.Json)!;
        foreach (var file in json["weights"]!.AsArray())
        {
            using var stream = File.OpenRead(Path.Combine(directory, file!["path"]!.GetValue<string>()));
            file["sha256"] = Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        File.WriteAllText(Path.Combine(directory, ModelDirectory.ConfigurationFile), json.ToJsonString(s_json) + "\n");
        string[] names = [ModelDirectory.ConfigurationFile, .. configuration.Tokenizer.Files, .. configuration.Weights.Select(file => file.Path)];
        return [.. names.Select(name => new FileInfo(Path.Combine(directory, name)))];
    }

    private static void WriteWeights(string directory, ModelConfiguration configuration, DemoWeights weights)
    {
        using var scope = NewDisposeScope();
        using var network = new ReportNetwork(configuration);
        foreach (var file in configuration.Weights)
        {
            var tensors = network.Targets(file.Role).OrderBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => KeyValuePair.Create(file.Prefix + item.Key, weights.Make(item.Key, item.Value.shape)))
                .ToList();
            SafeTensorsWriter.Write(Path.Combine(directory, file.Path), tensors);
        }
    }
}
