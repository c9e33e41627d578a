using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Language;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Tests.FineTuning;
using HSENet.Trainer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests;

/// <summary>
/// From published files to a report: what <c>import</c> writes loads, and says what the same tensors say under an hsenet.json written by hand. Widths of the visual path are
/// the published ones, because BiomedCLIP's are; everything else is small.
/// </summary>
[Collection(TrainingCollection.Name)]
public sealed class ImportedModelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TempFolder _folder = new("imported-model");

    [Fact]
    public void Published_files_become_a_directory_that_reports_and_answers_as_its_tensors_say()
    {
        manual_seed(3);
        var language = TinyModel.Write(_folder.Path("tiny")).Configuration.Language!;
        var vision = new Vit3DConfig(8, 64, 64, 4, 16, 16, 768, 1, 12, 64).Validated();
        WriteClip(vision);
        WriteAdapter("report", vision, language, 0.05);
        WriteAdapter("vqa", vision, language, 0.15);
        WriteLanguageModel(language);
        PublishedLayouts.BiomedClip(_folder.Path("biomed", "open_clip_pytorch_model.bin"));
        File.WriteAllText(_folder.Path("prompt.txt"), "Describe it.\n");

        TrainerRun.Of(
            "import", "--out", _folder.Path("imported"), "--clip", _folder.Path("clip"), "--adapter", _folder.Path("report", "pytorch_model.bin"),
            "--vqa-adapter", _folder.Path("vqa", "pytorch_model.bin"), "--slice-encoder", _folder.Path("biomed"), "--text-encoder", _folder.Path("bert"), "--language-model", _folder.Path("phi"),
            "--prompt", _folder.Path("prompt.txt"), "--axes", "S,L,P").Done();
        WriteByHand();

        var input = TinyModel.Studies()[0].Input;
        using var imported = HSENetModel.Load(_folder.Path("imported"), "cpu");
        using var byHand = HSENetModel.Load(_folder.Path("by-hand"), "cpu");
        var (report, answer) = (imported.Generate(input, null, default), imported.Ask(input, "Describe it.", null, default));

        Assert.True(report.Tokens > 0);
        Assert.Equal(byHand.Generate(input, null, default).Findings, report.Findings);
        Assert.Equal(byHand.Ask(input, "Describe it.", null, default).Text, answer.Text);
        Assert.NotEqual(report.Findings, answer.Text);
        var configuration = ModelDirectory.Open(_folder.Path("imported")).Configuration;
        Assert.Equal(new LoraConfig(16, 32), configuration.Language!.Lora);

        // the adapter files themselves tell rank and alpha
        ModelDirectory.Write(_folder.Path("imported"), configuration with { Language = configuration.Language with { Lora = null } });
        using var silent = HSENetModel.Load(_folder.Path("imported"), "cpu");
        Assert.Equal(report.Findings, silent.Generate(input, null, default).Findings);
        ModelDirectory.Write(_folder.Path("imported"), configuration with { Language = configuration.Language with { Lora = new LoraConfig(16, 16) } });
        Assert.Equal("model.config", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Path("imported"), "cpu")).Code);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private void WriteClip(Vit3DConfig vision)
    {
        var text = new TextEncoderConfig(40, 24, 1, 3, 40, 32);
        Directory.CreateDirectory(_folder.Path("clip"));
        Directory.CreateDirectory(_folder.Path("bert"));
        SafeTensorsWriter.Write(
            _folder.Path("clip", "model.safetensors"),
            PublishedShapes.ClipFile(vision, text, stage1: true, stage2: true, guided: true).OrderBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => KeyValuePair.Create(item.Key, item.Key.Contains("norm", StringComparison.OrdinalIgnoreCase) && item.Key.EndsWith("weight", StringComparison.Ordinal)
                    ? ones(item.Value)
                    : randn(item.Value) * 0.05)));
        File.WriteAllText(_folder.Path("clip", "config.json"), $$"""
            { "img_size": [{{vision.Depth}}, {{vision.Height}}, {{vision.Width}}], "patch_size": [4, 16, 16], "hidden_size": 768, "num_layers": 1, "num_heads": 12, "mlp_dim": 64 }
            """);
        SafeTensorsWriter.Write(
            _folder.Path("bert", "model.safetensors"),
            PublishedShapes.TextEncoder(text).OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => KeyValuePair.Create(item.Key, zeros(item.Value))));
        File.WriteAllText(_folder.Path("bert", "config.json"), """
            { "vocab_size": 40, "hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 3, "intermediate_size": 40, "max_position_embeddings": 32 }
            """);
    }

    private void WriteAdapter(string name, Vit3DConfig vision, PhiConfig language, double scale)
    {
        using var packers = new PackerPair(new ModelConfiguration
        {
            Name = "adapter", Version = "1", Purpose = Purposes.Research,
            Vision = new() { Image = [vision.Depth, vision.Height, vision.Width], Patch = [4, 16, 16], Hidden = 768, Layers = 1, Heads = 12, Mlp = 64 },
            Packer = new() { Points = [2, 1, 1], Out = language.HiddenSize },
        });
        using var adapter = new LoraAdapter(language, new LoraConfig(16, 32));
        using var quiet = no_grad();
        foreach (var parameter in adapter.parameters())
        {
            parameter.normal_(0, scale);
        }

        Directory.CreateDirectory(_folder.Path(name));
        SafeTensorsWriter.Write(
            _folder.Path(name, "pytorch_model.bin"),
            packers.Parameters.Select(item => (item.Name, (Tensor)item.Value)).Concat(adapter.named_parameters().Select(item => (item.name, (Tensor)item.parameter)))
                .Select(item => KeyValuePair.Create(AdapterNames.Published(item.Item1), item.Item2)));
    }

    private void WriteLanguageModel(PhiConfig language)
    {
        Directory.CreateDirectory(_folder.Path("phi"));
        var config = JsonSerializer.SerializeToNode(language)!;
        config["eos_token_id"] = 398;
        config["max_position_embeddings"] = 1024; // room for the 512 new tokens that import allows
        File.WriteAllText(_folder.Path("phi", "config.json"), config.ToJsonString());
        File.Copy(_folder.Path("tiny", "language-model.safetensors"), _folder.Path("phi", "model.safetensors"));
        File.Copy(_folder.Path("tiny", "tokenizer.json"), _folder.Path("phi", "tokenizer.json"));
    }

    /// <summary>The source files themselves, under a description that this test knows to be right.</summary>
    private void WriteByHand()
    {
        Directory.CreateDirectory(_folder.Path("by-hand"));
        foreach (var (source, name) in ((string, string)[])[
            (_folder.Path("clip", "model.safetensors"), "clip.safetensors"), (_folder.Path("report", "pytorch_model.bin"), "report.safetensors"),
            (_folder.Path("vqa", "pytorch_model.bin"), "vqa.safetensors"), (_folder.Path("phi", "model.safetensors"), "language.safetensors"),
            (_folder.Path("phi", "tokenizer.json"), "tokenizer.json"), (_folder.Path("imported", "slice-encoder.safetensors"), "slices.safetensors")])
        {
            File.Copy(source, _folder.Path("by-hand", name));
        }

        var json = JsonNode.Parse(File.ReadAllText(_folder.Path("tiny", ModelDirectory.ConfigurationFile)))!.AsObject();
        json["vision"] = JsonNode.Parse("""{ "image": [8, 64, 64], "patch": [4, 16, 16], "hidden": 768, "layers": 1, "heads": 12, "mlp": 64, "towers": "both", "guide": "slices" }""");
        json["slices"] = JsonNode.Parse("""{ "count": 32, "width": 768, "encoder": { "image": 224, "patch": 16, "layers": 12, "heads": 12, "mlp": 3072 } }""");
        json["packer"] = JsonNode.Parse("""{ "kind": "spatial-packer", "points": [2, 1, 1], "out": 32 }""");
        json["language"]!["max_position_embeddings"] = 1024;
        json["language"]!["lora"] = JsonNode.Parse("""{ "rank": 16, "alpha": 32 }""");
        json["preprocessing"] = JsonNode.Parse("""
            { "protocol": "ct-rate", "spacing": [1.5, 0.75, 0.75], "volumeWindow": [-1000, 200], "sliceWindow": [-1000, 1000], "sliceJpegQuality": 95, "axes": ["S", "L", "P"], "axesVerified": true }
            """);
        json["prompt"] = JsonNode.Parse("""{ "report": "Describe it." }""");
        json["generation"] = JsonNode.Parse("""{ "maxNewTokens": 512, "stop": [398] }""");
        json["weights"] = JsonNode.Parse("""
            [ { "role": "clip", "path": "clip.safetensors" },
              { "role": "adapter", "task": "report", "path": "report.safetensors", "prefix": "base_model.model.model." },
              { "role": "adapter", "task": "vqa", "path": "vqa.safetensors", "prefix": "base_model.model.model." },
              { "role": "slice-encoder", "path": "slices.safetensors", "prefix": "visual.trunk." },
              { "role": "language-model", "path": "language.safetensors" } ]
            """);
        json["text"] = JsonNode.Parse("""{ "vocab": 40, "hidden": 24, "layers": 1, "heads": 3, "intermediate": 40, "positions": 32 }""");
        File.WriteAllText(_folder.Path("by-hand", ModelDirectory.ConfigurationFile), json.ToJsonString());
    }
}
