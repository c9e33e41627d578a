using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Importing;

namespace HSENet.Trainer.Tests;

/// <summary>Adapter files at full size, in each form in which they are published, and their rank and alpha.</summary>
public sealed class ImportAdapterTests : IDisposable
{
    private const string Peft = """{"peft_type":"LORA","r":8,"lora_alpha":24,"bias":"none","use_rslora":false}""";

    private readonly TempFolder _folder = new("import-adapter");

    private string Out => _folder.Path("model");

    [Theory]
    [InlineData("base_model.model.model.", ".default", "pytorch_model.bin")]
    [InlineData("base_model.model.model.", "", "pytorch_model.bin")]
    [InlineData("base_model.model.", ".default", "mm_projector_and_lora.bin")]
    [InlineData("model.", ".default", "mm_projector_and_lora.bin")]
    [InlineData("", "", "pytorch_model.bin")]
    [InlineData("", ".default", "adapter.safetensors")]
    public void Adapter_of_the_authors_is_read_with_and_without_what_wraps_its_names(string prefix, string infix, string name)
    {
        var authors = PublishedLayouts.Authors("vlm_adapter_file");
        var shapes = authors.ToDictionary(
            item => prefix + item.Key.Replace("base_model.model.model.", "", StringComparison.Ordinal).Replace(".default", infix, StringComparison.Ordinal), item => item.Value);
        Assert.Equal(284, shapes.Count);
        if (name.EndsWith(".bin", StringComparison.Ordinal))
        {
            PublishedLayouts.TorchSave(_folder.Path("vlm", name), shapes, parameters: true);
        }
        else
        {
            PublishedLayouts.SafeTensors(_folder.Path("vlm", name), shapes);
        }

        var files = ImportFiles.Find(new ImportRequest { Out = Out, Adapter = _folder.Path("vlm") });
        var matcher = new PartMatcher(ImportSizes.Read(files));
        using var file = TensorFiles.Open(files.Adapter!);
        matcher.AddAdapter(file, string.Empty);
        matcher.Check();
        var part = Assert.Single(matcher.Parts);
        Assert.Equal(authors.Keys.Order(StringComparer.Ordinal), part.Tensors.Keys.Select(key => part.Prefix + part.Spelling(key)).Order(StringComparer.Ordinal));
        Assert.All(part.Tensors, item => Assert.Equal(authors[part.Prefix + part.Spelling(item.Key)], item.Value.Entry.Shape));
        Assert.Equal(AdapterMetadata.Of(new LoraConfig(16, 32)), part.Metadata);
    }

    [Fact]
    public void One_tensor_under_two_spellings_is_refused()
    {
        var shapes = PublishedLayouts.Authors("vlm_adapter_file");
        shapes["layers.3.mlp.down_proj.lora_A.weight"] = shapes["base_model.model.model.layers.3.mlp.down_proj.lora_A.default.weight"];
        PublishedLayouts.TorchSave(_folder.Path("vlm", "pytorch_model.bin"), shapes, parameters: true);
        Refused("weights.duplicate", "layers.3.mlp.down_proj.lora_A.weight");
    }

    [Theory]
    [InlineData("\"use_dora\":true")]
    [InlineData("\"bias\":\"all\"")]
    [InlineData("\"bias\":\"lora_only\"")]
    [InlineData("\"lora_bias\":true")]
    [InlineData("\"fan_in_fan_out\":true")]
    [InlineData("\"rank_pattern\":{\"layers.0\":4}")]
    [InlineData("\"alpha_pattern\":{\"layers.0\":4}")]
    [InlineData("\"layers_to_transform\":[1]")]
    [InlineData("\"peft_type\":\"ADALORA\"")]
    public void What_is_not_built_of_PEFT_is_refused_by_its_field(string field)
    {
        WritePeft("{" + field + ",\"r\":8,\"lora_alpha\":24}");
        Refused("model.unsupported", field.Split('"')[1]);
    }

    [Fact]
    public void Biases_in_an_adapter_are_refused_whatever_its_configuration_says()
    {
        WritePeft(Peft, ("base_model.model.model.layers.0.mlp.down_proj.lora_B.bias", [3072]));
        Refused("weights.unexpected", "layers.0.mlp.down_proj.lora_B.bias");
    }

    [Theory]
    [InlineData("{\"r\":8}", "import.config", "lora_alpha")]
    [InlineData("{\"r\":0,\"lora_alpha\":8}", "import.config", "r is not")]
    [InlineData("{\"r\":8,\"lora_alpha\":-1}", "model.config", "alpha")]
    [InlineData("{\"r\":16,\"lora_alpha\":8}", "weights.shape", "instead of [16, 8192]")]
    public void Rank_and_alpha_that_cannot_be_are_refused(string config, string code, string detail)
    {
        WritePeft(config);
        Refused(code, detail);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rank_and_alpha_of_an_adapter_without_its_language_model_stay_with_it(bool stabilised)
    {
        var alpha = stabilised ? 24 * Math.Sqrt(8) : 24;   // rank-stabilised: its outputs are scaled by 24 / sqrt(8)
        WritePeft(Peft.Replace("false", stabilised ? "true" : "false", StringComparison.Ordinal));
        Assert.Contains("adapter: 256 tensors", TrainerRun.Of("import", "--out", Out, "--adapter", _folder.Path("peft")).Done().Output, StringComparison.Ordinal);
        Assert.Null(ModelDirectory.Open(Out).Configuration.Language);

        // imported again, with a language model
        PublishedLayouts.LanguageModel(_folder.Path("phi"));
        var sizes = ImportSizes.Read(ImportFiles.Find(new ImportRequest { Out = _folder.Path("whole"), Adapter = Out, LanguageModel = _folder.Path("phi") }));
        Assert.Equal((8, alpha), (sizes.Lora.Rank, sizes.Lora.Alpha));

        // or loaded with one, under a description that says nothing of it
        var configuration = ModelDirectory.Open(Out).Configuration with { Language = Model.Tests.Language.Phi4Mini.Config };
        ModelDirectory.Write(Out, configuration);
        var (adapter, part) = new AdapterWeights(ModelDirectory.Open(Out), WeightTasks.Report).Lora(configuration.Language)!.Value;
        using (adapter)
        {
            Assert.Equal((8, alpha), (adapter.Config.Rank, adapter.Config.Alpha));
            WeightLoader.Load([part]);
        }

        var other = configuration.Language with { Lora = new LoraConfig(8, 16) };
        var refusal = Assert.Throws<HSENetModelException>(() => new AdapterWeights(ModelDirectory.Open(Out), WeightTasks.Report).Lora(other));
        Assert.Equal("model.config", refusal.Code);
        Assert.Contains("alpha 16", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configuration_beside_an_adapter_may_not_contradict_its_header()
    {
        WritePeft(Peft);
        TrainerRun.Of("import", "--out", Out, "--adapter", _folder.Path("peft")).Done();
        File.WriteAllText(Path.Combine(Out, "adapter_config.json"), Peft.Replace("24", "16", StringComparison.Ordinal));
        TrainerRun.Of("import", "--out", _folder.Path("again"), "--adapter", Out).Refused("import.config", "alpha 24", "says 8 and 16");
    }

    [Fact]
    public void Adapters_of_both_tasks_with_prompt_and_templates_become_one_directory()
    {
        PublishedLayouts.TorchSave(_folder.Path("report", "pytorch_model.bin"), PublishedLayouts.Authors("vlm_adapter_file"), parameters: true);
        PublishedLayouts.TorchSave(_folder.Path("vqa", "pytorch_model.bin"), PublishedLayouts.Authors("vlm_adapter_file"), parameters: true);
        File.WriteAllText(_folder.Path("prompt.txt"), "Describe this scan.\n");
        File.WriteAllText(_folder.Path("questions.txt"), "Where is the {abnormality}?\nPoint at the {abnormality}.\n");

        var run = TrainerRun.Of(
            "import", "--out", Out, "--adapter", _folder.Path("report"), "--vqa-adapter", _folder.Path("vqa"), "--prompt", _folder.Path("prompt.txt"),
            "--vqa-templates", _folder.Path("questions.txt")).Done();

        Assert.Contains("adapter (report): 284 tensors", run.Output, StringComparison.Ordinal);
        Assert.Contains("adapter (vqa): 284 tensors", run.Output, StringComparison.Ordinal);
        var directory = ModelDirectory.Open(Out);
        Assert.Equal(
            [("adapter", "report", "adapter-report.safetensors"), ("adapter", "vqa", "adapter-vqa.safetensors")],
            directory.Configuration.Weights.Select(file => (file.Role, file.Task, file.Path)));
        Assert.Equal("Describe this scan.", directory.Configuration.Prompt!.Report);
        Assert.Equal(2, Model.Text.QuestionTemplates.Read(directory.PathOf(directory.Configuration.Prompt.VqaTemplates!)).Count);
        foreach (var file in directory.Configuration.Weights)
        {
            using var written = SafeTensorsFile.Open(directory.PathOf(file.Path));
            Assert.Equal(PublishedLayouts.Authors("vlm_adapter_file").Keys.Order(StringComparer.Ordinal), written.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Adapter_of_questions_alone_needs_no_prompt_and_two_adapters_have_one_rank()
    {
        PublishedLayouts.TorchSave(_folder.Path("vqa", "pytorch_model.bin"), PublishedLayouts.Authors("vlm_adapter_file"), parameters: true);
        TrainerRun.Of("import", "--out", Out, "--vqa-adapter", _folder.Path("vqa")).Done();
        Assert.Equal(["vqa"], ModelDirectory.Open(Out).Configuration.Weights.Select(file => file.Task));

        var shapes = PublishedShapes.Lora(Model.Tests.Language.Phi4Mini.Config, 8).ToDictionary(item => "base_model.model.model." + item.Key, item => item.Value);
        PublishedLayouts.SafeTensors(_folder.Path("peft", "adapter_model.safetensors"), shapes);
        File.WriteAllText(_folder.Path("peft", "adapter_config.json"), """{"peft_type":"LORA","r":8,"lora_alpha":16,"bias":"none"}""");
        TrainerRun.Of("import", "--out", _folder.Path("other"), "--adapter", _folder.Path("peft"), "--vqa-adapter", _folder.Path("vqa")).Refused("import.config", "rank 16", "have 8 and 16");
    }

    [Theory]
    [InlineData("--adapter", "--vqa-adapter", "adapter-vqa")]
    [InlineData("--vqa-adapter", "--adapter", "adapter-report")]
    public void An_adapter_without_packers_beside_one_that_brings_its_own_is_refused(string authors, string bare, string name)
    {
        PublishedLayouts.TorchSave(_folder.Path("authors", "pytorch_model.bin"), PublishedLayouts.Authors("vlm_adapter_file"), parameters: true);
        WritePeft(Peft.Replace("\"r\":8,\"lora_alpha\":24", "\"r\":16,\"lora_alpha\":32", StringComparison.Ordinal), rank: 16);
        TrainerRun.Of("import", "--out", Out, authors, _folder.Path("authors"), bare, _folder.Path("peft")).Refused("weights.missing", name, "packers", "mm_projector2.");
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Questions_without_their_placeholder_are_refused()
    {
        PublishedLayouts.TorchSave(_folder.Path("vqa", "pytorch_model.bin"), PublishedLayouts.Authors("vlm_adapter_file"), parameters: true);
        File.WriteAllText(_folder.Path("questions.txt"), "Where is it?\n");
        TrainerRun.Of("import", "--out", Out, "--vqa-adapter", _folder.Path("vqa"), "--vqa-templates", _folder.Path("questions.txt")).Refused("prompt.templates", "{abnormality}");
        Assert.False(Directory.Exists(Out));
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string code, string detail)
    {
        var folder = Directory.EnumerateDirectories(_folder.Root).Single();
        TrainerRun.Of("import", "--out", Out, "--adapter", folder).Refused(code, detail);
        Assert.False(Directory.Exists(Out));
    }

    private void WritePeft(string config, params ReadOnlySpan<(string Name, long[] Shape)> more) => WritePeft(config, 8, more);

    private void WritePeft(string config, int rank, params ReadOnlySpan<(string Name, long[] Shape)> more)
    {
        var shapes = PublishedShapes.Lora(Model.Tests.Language.Phi4Mini.Config, rank).ToDictionary(item => "base_model.model.model." + item.Key, item => item.Value);
        foreach (var (name, shape) in more)
        {
            shapes[name] = shape;
        }

        PublishedLayouts.SafeTensors(_folder.Path("peft", "adapter_model.safetensors"), shapes);
        File.WriteAllText(_folder.Path("peft", "adapter_config.json"), config);
    }
}
