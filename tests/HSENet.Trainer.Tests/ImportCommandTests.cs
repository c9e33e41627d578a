using System.Security.Cryptography;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Commands;
using HSENet.Trainer.Importing;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests;

/// <summary>Every published layout with its full names and shapes, one at a time: files of zeros, of which the disk holds only the copy.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private const string TextJson = """{"vocab_size":10,"hidden_size":24,"num_hidden_layers":1,"num_attention_heads":3,"intermediate_size":40,"max_position_embeddings":32}""";

    private static readonly TextEncoderConfig s_text = new(10, 24, 1, 3, 40, 32);

    private readonly TempFolder _folder = new("import");

    private string Out => _folder.Path("model");

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model_params.bin")]
    public void Stage_1_folder_becomes_a_directory_with_one_tower(string name)
    {
        PublishedLayouts.Write(_folder.Path("HSENet_CLIP", name), PublishedLayouts.Authors("stage1_clip"));
        File.WriteAllText(_folder.Path("HSENet_CLIP", "config.json"), """{"language_model_name_or_path": "somewhere/bert", "pretrained_model": "elsewhere", "hidden_size": 768}""");

        var run = TrainerRun.Of("import", "--out", Out, "--clip", _folder.Path("HSENet_CLIP")).Done();

        Assert.Contains("no vocab.txt", run.Output, StringComparison.Ordinal);
        var model = ModelDirectory.Open(Out);
        Assert.Equal(("global", false), (model.Configuration.Vision!.Towers, model.Configuration.Preprocessing!.AxesVerified));
        var file = Assert.Single(model.Configuration.Weights);
        Assert.Equal(("clip", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model.PathOf(file.Path))))), (file.Role, file.Sha256));
        using var written = SafeTensorsFile.Open(model.PathOf(file.Path));
        Assert.Equal(340, written.Entries.Count);   // 342 but for the two of the pooler, which nothing uses
    }

    [Theory]
    [InlineData("model.safetensors", "vocab.txt", "text-vocab.txt")]
    [InlineData("model_params.bin", "tokenizer.json", "text-tokenizer.json")]
    public void Stage_2_folder_becomes_a_directory_that_embeds_volumes_and_texts(string name, string vocabulary, string copied)
    {
        PublishedLayouts.Write(_folder.Path("2E3", name), PublishedLayouts.Authors("stage2_clip"));
        File.WriteAllText(_folder.Path("2E3", vocabulary), vocabulary == "vocab.txt" ? "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nlung\n"
            : """{"model":{"type":"WordPiece","vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"lung":5}}}""");

        TrainerRun.Of("import", "--out", Out, "--clip", _folder.Path("2E3")).Done();

        var configuration = ModelDirectory.Open(Out).Configuration;
        Assert.Equal(("both", copied), (configuration.Vision!.Towers, configuration.Text!.Tokenizer));
        using var written = SafeTensorsFile.Open(Path.Combine(Out, "clip.safetensors"));
        Assert.Equal(692, written.Entries.Count);   // 696 but for both poolers
        using var model = EmbeddingModel.Load(Out, "cpu");
        Assert.Equal((true, true), (model.CanEmbedVolumes, model.CanEmbedTexts));
        Assert.Equal(768, model.EmbedText("Lung").Stage2!.Length);
    }

    [Theory]
    [InlineData(null, "ct-rate", "S", "R", "P")]
    [InlineData("ct-rate", "ct-rate", "S", "R", "P")]
    [InlineData("bimcv-r", "bimcv-r", "S", "L", "A")]   // its slices are turned the other way round
    public void Protocol_of_the_training_data_is_written_with_the_axes_that_it_suggests(string? asked, string protocol, params string[] axes)
    {
        PublishedLayouts.SafeTensors(_folder.Path("bert", "model.safetensors"), PublishedShapes.TextEncoder(s_text));
        File.WriteAllText(_folder.Path("bert", "config.json"), TextJson);
        PublishedLayouts.SafeTensors(
            _folder.Path("clip", "model.safetensors"), PublishedShapes.ClipFile(new Model.Vision.Vit3DConfig(8, 64, 64, 4, 16, 16, 24, 1, 2, 32), s_text, stage1: true, stage2: false, guided: true));
        File.WriteAllText(_folder.Path("clip", "config.json"), """{"img_size":[8,64,64],"patch_size":[4,16,16],"hidden_size":24,"num_layers":1,"num_heads":2,"mlp_dim":32}""");

        string[] arguments = ["import", "--out", Out, "--clip", _folder.Path("clip"), "--text-encoder", _folder.Path("bert")];
        TrainerRun.Of(asked is null ? arguments : [.. arguments, "--protocol", asked]).Done();

        var written = ModelDirectory.Open(Out).Configuration.Preprocessing!;
        Assert.Equal((protocol, false), (written.Protocol, written.AxesVerified));
        Assert.Equal(axes, written.Axes);
        using var model = EmbeddingModel.Load(Out, "cpu");
        Assert.True(model.CanEmbedVolumes);
    }

    [Theory]
    [InlineData("[PAD]\n[UNK]\n", "tokenizer.format", "[CLS]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n1\n2\n3\n4\n5\n6\n", "import.config", "11 ids")]
    public void Vocabulary_that_is_broken_or_does_not_fit_the_text_encoder_is_refused(string vocabulary, string code, string detail)
    {
        PublishedLayouts.SafeTensors(_folder.Path("bert", "model.safetensors"), PublishedShapes.TextEncoder(s_text));
        File.WriteAllText(_folder.Path("bert", "config.json"), TextJson);
        File.WriteAllText(_folder.Path("bert", "vocab.txt"), vocabulary);
        TrainerRun.Of("import", "--out", Out, "--text-encoder", _folder.Path("bert")).Refused(code, detail);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Stage_2_file_adapter_BiomedCLIP_and_prompt_become_one_directory()
    {
        PublishedLayouts.TorchSave(_folder.Path("2E3", "model_params.bin"), PublishedLayouts.Authors("stage2_clip"));
        PublishedLayouts.TorchSave(_folder.Path("vlm", "pytorch_model.bin"), PublishedLayouts.Authors("vlm_adapter_file"), parameters: true);
        PublishedLayouts.BiomedClip(_folder.Path("biomed", "open_clip_pytorch_model.bin"));
        File.WriteAllText(_folder.Path("prompt.txt"), "Describe this scan.\n");

        var run = TrainerRun.Of(
            "import", "--out", Out, "--clip", _folder.Path("2E3", "model_params.bin"), "--adapter", _folder.Path("vlm"), "--slice-encoder", _folder.Path("biomed"),
            "--prompt", _folder.Path("prompt.txt"), "--axes", "S,L,P").Done();

        Assert.Contains("adapter: 284 tensors", run.Output, StringComparison.Ordinal);
        Assert.Contains("slice-encoder: 150 tensors", run.Output, StringComparison.Ordinal);
        var configuration = ModelDirectory.Open(Out).Configuration;
        Assert.Equal(("both", true, "Describe this scan."), (configuration.Vision!.Towers, configuration.Preprocessing!.AxesVerified, configuration.Prompt!.Report));
        Assert.Equal(["S", "L", "P"], configuration.Preprocessing.Axes);
        Assert.Equal([8, 4, 4], configuration.Packer!.Points);
        using var adapter = SafeTensorsFile.Open(Path.Combine(Out, "adapter.safetensors"));
        Assert.Equal(PublishedLayouts.Authors("vlm_adapter_file").Keys.Order(StringComparer.Ordinal), adapter.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sharded_language_model_of_full_size_passes_the_check_and_a_short_one_is_written_as_int8()
    {
        PublishedLayouts.LanguageModel(_folder.Path("whole"));
        File.Delete(_folder.Path("whole", "config.json"));
        File.WriteAllText(_folder.Path("whole", "config.json"), Model.Tests.Language.Phi4Mini.Json.Replace("\"vocab_size\": 200064", "\"vocab_size\": 200065", StringComparison.Ordinal));
        TrainerRun.Of("import", "--out", Out, "--language-model", _folder.Path("whole")).Refused("weights.shape", "model.embed_tokens.weight [200064, 3072] instead of [200065, 3072].");
        Assert.False(Directory.Exists(Out));

        PublishedLayouts.LanguageModel(_folder.Path("short"), layers: 1);
        TrainerRun.Of("import", "--out", Out, "--language-model", _folder.Path("short"), "--quantize", "int8").Done();

        var configuration = ModelDirectory.Open(Out).Configuration;
        Assert.Equal(("o200k", "gpt2", 3072), (configuration.Tokenizer!.Kind, configuration.Tokenizer.Split, configuration.Language!.HiddenSize));
        Assert.Equal([199999], configuration.Generation!.Stop);
        using var written = SafeTensorsFile.Open(Path.Combine(Out, "language-model.safetensors"));
        var types = written.Entries.ToDictionary(entry => entry.Name, entry => (entry.Type, entry.ShapeText));
        Assert.Equal((ScalarType.Int8, "[5120, 3072]"), types["model.layers.0.self_attn.qkv_proj.weight"]);
        Assert.Equal((ScalarType.Float32, "[5120]"), types["model.layers.0.self_attn.qkv_proj.weight_scale"]);
        Assert.Equal((ScalarType.BFloat16, "[200064, 3072]"), types["model.embed_tokens.weight"]);
    }

    [Fact]
    public void Language_model_of_full_size_has_all_its_tensors_in_the_published_shapes()
    {
        PublishedLayouts.LanguageModel(_folder.Path("whole"));
        var files = ImportFiles.Find(new ImportRequest { Out = Out, LanguageModel = _folder.Path("whole") });
        var matcher = new PartMatcher(ImportSizes.Read(files));
        using var file = TensorFiles.Open(files.LanguageModel!);
        matcher.AddLanguageModel(file, int8: true);
        matcher.Check();
        var part = Assert.Single(matcher.Parts);
        Assert.Equal((194, 128), (part.Tensors.Count, part.Quantized.Count));
        Assert.Equal(3_836_021_760, part.Tensors.Values.Sum(source => source.Entry.Shape.Aggregate(1L, (product, length) => product * length)));
        Assert.All(part.Tensors.Values, source => Assert.Equal(ScalarType.BFloat16, source.Entry.Type));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Language_model_with_every_published_layer_is_imported_and_loads_with_its_values(bool int8)
    {
        var config = NarrowPhi.Write(_folder.Path("phi"));
        string[] arguments = ["import", "--out", Out, "--language-model", _folder.Path("phi")];
        TrainerRun.Of(int8 ? [.. arguments, "--quantize", "int8"] : arguments).Done();

        using var scope = NewDisposeScope();
        using var written = SafeTensorsFile.Open(Path.Combine(Out, "language-model.safetensors"));
        Assert.Equal(
            PublishedShapes.LanguageModel(Model.Tests.Language.Phi4Mini.Config).Keys.Order(StringComparer.Ordinal),
            written.Entries.Select(entry => entry.Name).Where(name => !name.EndsWith("_scale", StringComparison.Ordinal)));
        using var source = TensorFiles.Open(_folder.Path("phi", "model.safetensors"));
        foreach (var entry in written.Entries.Where(entry => !entry.Name.EndsWith("_scale", StringComparison.Ordinal)))
        {
            var (expected, actual) = (source.View(entry.Name), written.View(entry.Name));
            if (entry.Type == ScalarType.Int8)
            {
                var quantized = WeightOnlyLinear.Quantize(expected);
                Assert.True(quantized.Scale.equal(written.View(entry.Name + "_scale")).all().item<bool>(), entry.Name);
                expected = quantized.Weight;
            }

            Assert.True(expected.equal(actual).all().item<bool>(), entry.Name);
        }

        var weights = new LanguageWeights(ModelDirectory.Open(Out), "auto");
        using var model = new PhiLanguageModel(config, weights.Storage);
        WeightLoader.Load([weights.For(model)]);
        var logits = model.Logits(model.Hidden(model.Embed(tensor(new long[] { 1, 2, 3 }, 1, 3))));
        Assert.True(logits.isfinite().all().item<bool>() && logits.std().item<float>() > 1e-3f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_encoder_is_read_in_both_layouts_of_torch_save_and_with_its_old_names(bool legacy)
    {
        var text = new TextEncoderConfig(50, 24, 2, 3, 40, 32);
        File.WriteAllText(Path.Combine(_folder.Folder("bert"), "config.json"), """{"vocab_size":50,"hidden_size":24,"num_hidden_layers":2,"num_attention_heads":3,"intermediate_size":40,"max_position_embeddings":32}""");
        var items = PublishedShapes.Join(("bert.", PublishedShapes.TextEncoder(text)), ("bert.", PublishedShapes.Pooler(24)), ("cls.predictions.", new() { ["bias"] = [50] }))
            .Select(item => new Model.Tests.Weights.TorchSaveFile.Item(
                item.Key.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), item.Value)).ToList();
        Action<string> write = legacy ? path => Model.Tests.Weights.TorchSaveFile.WriteLegacy(path, items) : path => Model.Tests.Weights.TorchSaveFile.Write(path, items);
        write(_folder.Path("bert", "pytorch_model.bin"));

        TrainerRun.Of("import", "--out", Out, "--text-encoder", _folder.Path("bert")).Done();

        using var written = SafeTensorsFile.Open(Path.Combine(Out, "text-encoder.safetensors"));
        Assert.Equal(PublishedShapes.TextEncoder(text).Keys.Order(StringComparer.Ordinal), written.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("open_clip_pytorch_model.bin")]
    [InlineData("open_clip_model.safetensors")]
    public void BiomedCLIP_is_imported_from_both_of_its_files(string name)
    {
        PublishedLayouts.BiomedClip(_folder.Path("biomed", name));
        TrainerRun.Of("import", "--out", Out, "--slice-encoder", _folder.Path("biomed")).Done();
        using var written = SafeTensorsFile.Open(Path.Combine(Out, "slice-encoder.safetensors"));
        Assert.Equal(
            PublishedShapes.SliceEncoder(Model.Vision.SliceEncoderConfig.Full).Keys.Select(key => "visual.trunk." + key).Order(StringComparer.Ordinal),
            written.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Every_fault_of_every_file_is_named_and_nothing_is_left_behind()
    {
        var clip = PublishedLayouts.Authors("stage2_clip");
        clip.Remove("vision_encoder.blocks.3.attn.qkv.weight");
        clip.Remove("stage1_pretrained_CLIP.logit_scale");
        clip["vision_encoder.blocks.3.attn.qkv.bias"] = [2304];
        clip["mm_vision_proj.weight"] = [512, 768];
        PublishedLayouts.SafeTensors(_folder.Path("clip.safetensors"), clip);
        var adapter = PublishedLayouts.Authors("vlm_adapter_file").Where(item => !item.Key.Contains("mm_projector2", StringComparison.Ordinal)).ToDictionary();
        adapter["base_model.model.model.layers.7.mlp.down_proj.lora_A.default.weight"] = [8, 8192];
        PublishedLayouts.TorchSave(_folder.Path("adapter.bin"), adapter, parameters: true);

        var run = TrainerRun.Of("import", "--out", Out, "--clip", _folder.Path("clip.safetensors"), "--adapter", _folder.Path("adapter.bin"));

        run.Refused(
            "weights.missing",
            "vision_encoder.blocks.3.attn.qkv.weight", "stage1_pretrained_CLIP.logit_scale", "unexpected tensors: vision_encoder.blocks.3.attn.qkv.bias",
            "mm_vision_proj.weight [512, 768] instead of [768, 768]", "layers.7.mlp.down_proj.lora_A.weight [8, 8192] instead of [16, 8192]");
        foreach (var name in PublishedLayouts.Authors("packer").Keys)
        {
            Assert.Contains($"mm_projector2.{name}", run.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateDirectories(_folder.Root));
    }

    [Fact]
    public void Directory_that_is_there_already_and_files_that_are_not_are_refused()
    {
        PublishedLayouts.BiomedClip(_folder.Path("b.bin"));
        File.WriteAllText(Path.Combine(_folder.Folder("model"), "kept.txt"), "x");
        TrainerRun.Of("import", "--out", Out, "--slice-encoder", _folder.Path("b.bin")).Refused("import.exists");
        Assert.True(File.Exists(Path.Combine(Out, "kept.txt")));
        TrainerRun.Of("import", "--out", _folder.Path("other"), "--slice-encoder", _folder.Path("absent.bin")).Refused("weights.file", "absent.bin");
    }

    [Theory]
    [InlineData("import")]
    [InlineData("import", "--out", "x")]
    [InlineData("import", "--out", "x", "--clip", "y", "--axes", "S,L,R")]
    [InlineData("import", "--out", "x", "--clip", "y", "--protocol", "lidc")]
    [InlineData("import", "--out", "x", "--clip", "y", "--quantize", "int8")]
    [InlineData("import", "--out", "x", "--clip", "y", "--clip", "z")]
    [InlineData("encode", "--model", "x")]
    public void Wrong_usage_is_exit_code_2(params string[] args) => Assert.Equal(ExitCode.Usage, TrainerRun.Of(args).Code);

    public void Dispose() => _folder.Dispose();
}
