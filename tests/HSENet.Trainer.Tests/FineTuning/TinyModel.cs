using System.Text;
using HSENet.Dicom.Phantoms;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using HSENet.Trainer.Data;
using HSENet.Trainer.Phantoms;
using HSENet.Trainer.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.FineTuning;

/// <summary>The real network at a size for tests: towers, slice encoder, tokenizer and, if asked for, a language model; no packers and no adapter.</summary>
internal static class TinyModel
{
    public const int Vocabulary = 400;
    public const int VisualTokens = 16;

    private const int End = Vocabulary - 2;

    private const string Json = """
        {
          "name": "tiny", "version": "1", "purpose": "research",
          "vision": { "image": [8, 32, 32], "patch": [4, 8, 8], "hidden": 24, "layers": 1, "heads": 2, "mlp": 32, "towers": "both", "guide": "slices" },
          "slices": { "count": 4, "width": 24, "encoder": { "image": 32, "patch": 16, "layers": 1, "heads": 2, "mlp": 32 } },
          "packer": { "kind": "spatial-packer", "points": [2, 2, 2], "out": 32 },
          "language": {
            "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 48,
            "vocab_size": 400, "partial_rotary_factor": 0.75, "max_position_embeddings": 512
          },
          "tokenizer": { "kind": "bpe", "split": "gpt2", "files": ["tokenizer.json"] },
          "preprocessing": {
            "protocol": "ct-rate", "spacing": [10, 5, 5], "volumeWindow": [-1000, 200], "sliceWindow": [-1000, 1000], "sliceJpegQuality": 0,
            "axes": ["S", "L", "P"], "axesVerified": true
          },
          "prompt": { "report": "Describe it." },
          "generation": { "maxNewTokens": 240, "stop": [398], "minNewTokens": 1 }
        }
        """;

    /// <summary>The studies that the tests train on; each has a different number of findings and its own report.</summary>
    private static readonly PhantomCorpusOptions s_options = new() { Count = 4, Seed = 11 };

    /// <param name="directory">Made.</param>
    /// <param name="withLanguage">With weights of the language model.</param>
    public static ModelDirectory Write(string directory, bool withLanguage = true)
    {
        Directory.CreateDirectory(directory);
        var configuration = ModelDirectory.Parse(Encoding.UTF8.GetBytes(Json));
        var texts = Enumerable.Range(0, s_options.Count).SelectMany(i => Texts(PhantomCorpus.Make(s_options, i).Item));
        var vocabulary = BpeTrainer.Train(texts, WordSplit.Gpt2, Vocabulary - 256 - 2, ReportPrompt.BeginToken, ReportPrompt.PlaceholderToken);
        Assert.Equal(End, vocabulary.Added[ReportPrompt.BeginToken]);
        TokenizerFile.Write(Path.Combine(directory, "tokenizer.json"), vocabulary);
        manual_seed(5);
        using var network = new ReportNetwork(configuration);
        string[] roles = [WeightRoles.VisionStage1, WeightRoles.VisionStage2, WeightRoles.SliceEncoder, .. withLanguage ? [WeightRoles.LanguageModel] : Array.Empty<string>()];
        var weights = new List<WeightSection>();
        foreach (var role in roles)
        {
            var path = $"{role}.safetensors";
            SafeTensorsWriter.Write(Path.Combine(directory, path), network.Targets(role));
            weights.Add(new() { Role = role, Path = path });
        }

        ModelDirectory.Write(directory, configuration with { Weights = [.. weights] });
        return ModelDirectory.Open(directory);
    }

    /// <summary>Phantoms as the service would read them.</summary>
    public static IReadOnlyList<(CtInput Input, ManifestItem Item)> Studies() =>
    [
        .. Enumerable.Range(0, s_options.Count).Select(i =>
        {
            var (drawn, item) = PhantomCorpus.Make(s_options, i);
            var volume = drawn.Volume;
            return (new CtInput
            {
                Hu = volume.Hu,
                Shape = (volume.SliceCount, volume.Rows, volume.Columns),
                SpacingMm = (volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
                Axes = (volume.Axes.Slice, volume.Axes.Row, volume.Axes.Column),
            }, item);
        }),
    ];

    /// <summary>The studies of <see cref="Studies"/> in the form that the networks take.</summary>
    public static TinyData Data(ModelDirectory model)
    {
        var configuration = model.Configuration;
        var preprocessor = new VolumePreprocessor(configuration.Preprocessing!.ToSpec(configuration.Vision!, configuration.Slices!));
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var network = new VisualNetwork(configuration, VisualParts.SliceEncoder);
        WeightLoader.Load(new VisualWeights(model).For(network));
        return new TinyData([.. Studies().Select(study =>
        {
            var prepared = preprocessor.Run(study.Input, CancellationToken.None);
            var features = network.SliceEncoder!.EncodeVolume(SliceImages.ToTensor(prepared.Slices, configuration.Slices!.Encoder!.Image), CancellationToken.None);
            return new TrainingCase(study.Item, prepared.Volume, features.data<float>().ToArray());
        })]);
    }

    private static IEnumerable<string> Texts(ManifestItem item) => [item.Findings!, item.Impression!, .. item.Questions.Select(question => $"{question.Question} {question.Answer}")];
}
