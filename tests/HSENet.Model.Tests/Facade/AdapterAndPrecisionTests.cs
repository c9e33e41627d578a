using System.Text.Json.Nodes;
using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Facade;

/// <summary>A directory as <c>import</c> makes them: base, adapters of two tasks with their packers, other precisions. The base is the shipped model.</summary>
[Collection(AloneCollection.Name)]
public sealed class AdapterAndPrecisionTests : IDisposable
{
    private const string Wrapper = "base_model.model.model.";

    private static readonly CtInput s_input = SyntheticChest.Make(32, 64);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TempFolder _folder = new("adapters");

    public AdapterAndPrecisionTests()
    {
        foreach (var file in Directory.GetFiles(DemoModelFixture.Directory))
        {
            File.Copy(file, _folder.Path(Path.GetFileName(file)));
        }
    }

    [Fact]
    public void Reports_and_answers_use_their_own_adapters_in_turn()
    {
        WriteAdapter("report.safetensors", seed: 1, packerFactor: 1, loraScale: 0.2);
        WriteAdapter("vqa.safetensors", seed: 2, packerFactor: 1.5, loraScale: 0.3);
        Configure(json =>
        {
            json["language"]!["lora"] = JsonNode.Parse("""{"rank": 2, "alpha": 4}""");
            Replace(json, "packers", """{"role": "adapter", "task": "report", "path": "report.safetensors"}""", """{"role": "adapter", "task": "vqa", "path": "vqa.safetensors"}""");
        });
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        var report = model.Generate(s_input, null, default);
        var answer = model.Ask(s_input, Prompt, null, default);

        // the same prompt, so what differs is packers and adapter
        Assert.NotEqual($"{report.Findings} {report.Impression}".Trim(), answer.Text);
        Assert.Equal(report.Findings, model.Generate(s_input, null, default).Findings);
        Assert.Equal(answer.Text, model.Ask(s_input, Prompt, null, default).Text);

        // alone, each gives the same text
        Configure(json => Replace(json, "adapter", """{"role": "adapter", "path": "vqa.safetensors"}"""));
        using var alone = HSENetModel.Load(_folder.Root, "cpu");
        Assert.Equal(answer.Text, alone.Ask(s_input, Prompt, null, default).Text);
    }

    [Fact]
    public void A_directory_of_questions_alone_answers_as_beside_an_adapter_of_reports_and_writes_no_report()
    {
        WriteAdapter("report.safetensors", seed: 1, packerFactor: 1, loraScale: 0.2);
        WriteAdapter("vqa.safetensors", seed: 2, packerFactor: 1.5, loraScale: 0.3);
        Configure(json =>
        {
            json["language"]!["lora"] = JsonNode.Parse("""{"rank": 2, "alpha": 4}""");
            Replace(json, "packers", """{"role": "adapter", "task": "report", "path": "report.safetensors"}""", """{"role": "adapter", "task": "vqa", "path": "vqa.safetensors"}""");
        });
        using var both = HSENetModel.Load(_folder.Root, "cpu");
        Assert.True(both.WritesReports);
        var expected = both.Ask(s_input, "Where is it?", null, default).Text;

        Configure(json => Replace(json, "adapter", """{"role": "adapter", "task": "vqa", "path": "vqa.safetensors"}"""));
        using var alone = HSENetModel.Load(_folder.Root, "cpu");
        Assert.Equal(expected, alone.Ask(s_input, "Where is it?", null, default).Text);
        Assert.False(alone.WritesReports);
        Assert.Equal("model.incomplete", Assert.Throws<HSENetModelException>(() => alone.Generate(s_input, null, default)).Code);
    }

    [Fact]
    public void Without_a_prompt_for_reports_questions_are_answered_and_no_report_is_written()
    {
        Configure(json => json.AsObject().Remove("prompt"));
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        using var whole = HSENetModel.Load(DemoModelFixture.Directory, "cpu");
        Assert.Equal(whole.Ask(s_input, "Where?", null, default).Text, model.Ask(s_input, "Where?", null, default).Text);
        Assert.Contains("prompt.report", Assert.Throws<HSENetModelException>(() => model.Generate(s_input, null, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_adapter_serves_both_tasks()
    {
        WriteAdapter("report.safetensors", seed: 1, packerFactor: 1, loraScale: 0);
        Configure(json =>
        {
            json["language"]!["lora"] = JsonNode.Parse("""{"rank": 2, "alpha": 4}""");
            Replace(json, "packers", """{"role": "adapter", "path": "report.safetensors"}""");
        });
        using var plain = HSENetModel.Load(DemoModelFixture.Directory, "cpu");
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        Assert.Equal(plain.Generate(s_input, null, default).Findings, model.Generate(s_input, null, default).Findings);
        Assert.Equal(plain.Ask(s_input, "Where?", null, default).Text, model.Ask(s_input, "Where?", null, default).Text);
    }

    [Fact]
    public void Low_rank_matrices_are_never_passed_over_in_silence()
    {
        WriteAdapter("report.safetensors", seed: 1, packerFactor: 1, loraScale: 0.2);
        Configure(json => Replace(json, "packers", """{"role": "adapter", "path": "report.safetensors"}"""));
        var refusal = Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu"));
        Assert.Equal("model.config", refusal.Code);
        Assert.Contains("language.lora", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("report", "")]
    [InlineData("", "report")]
    [InlineData("vqa", "vqa")]
    public void Packers_of_an_adapter_are_never_passed_over_for_those_of_another_file(string adapterTask, string packersTask)
    {
        WriteAdapter("own.safetensors", seed: 1, packerFactor: 1, loraScale: 0.2);
        File.Copy(_folder.Path("packers.safetensors"), _folder.Path("others.safetensors"));
        Configure(json =>
        {
            json["language"]!["lora"] = JsonNode.Parse("""{"rank": 2, "alpha": 4}""");
            Replace(
                json, "packers", $$"""{"role": "adapter", "task": "{{adapterTask}}", "path": "own.safetensors"}""",
                $$"""{"role": "packers", "task": "{{packersTask}}", "path": "others.safetensors"}""");
        });
        var refusal = Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu"));
        Assert.Equal("weights.unexpected", refusal.Code);
        Assert.Contains("own.safetensors: it holds packers", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Packers_of_reports_in_a_file_of_their_own_stand_beside_an_adapter_of_questions_with_its_own()
    {
        WriteAdapter("vqa.safetensors", seed: 2, packerFactor: 1.5, loraScale: 0.3);
        Configure(json =>
        {
            Replace(json, "none", """{"role": "adapter", "task": "vqa", "path": "vqa.safetensors"}""");
            WriteLowRank("report.safetensors", seed: 1);
            Replace(json, "none", """{"role": "adapter", "task": "report", "path": "report.safetensors"}""");
            json["language"]!["lora"] = JsonNode.Parse("""{"rank": 2, "alpha": 4}""");
        });
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        Assert.NotEqual(model.Generate(s_input, null, default).Findings, model.Ask(s_input, Prompt, null, default).Text);
    }

    [Theory]
    [InlineData("Where?", int.MaxValue)]
    [InlineData("Where?", 8192)]
    public void A_question_whose_answer_has_no_room_is_refused_before_the_volume_is_looked_at(string question, int answerTokens)
    {
        Configure(json => json["generation"]!["answerMaxNewTokens"] = answerTokens);
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        var stages = new Stages();
        Assert.Equal("model.context", Assert.Throws<HSENetModelException>(() => model.Ask(s_input, question, stages, default)).Code);
        Assert.Empty(stages.Told);
        Assert.NotEmpty(model.Generate(s_input, null, default).Findings);
    }

    [Theory]
    [InlineData("""{"rank": 4, "alpha": 4}""", "weights.shape")]
    [InlineData("""{"rank": 0, "alpha": 4}""", "model.config")]
    [InlineData("""{"rank": 2, "alpha": -1}""", "model.config")]
    public void An_adapter_of_another_size_is_refused(string lora, string code)
    {
        WriteAdapter("report.safetensors", seed: 1, packerFactor: 1, loraScale: 0.2);
        Configure(json =>
        {
            json["language"]!["lora"] = JsonNode.Parse(lora);
            Replace(json, "packers", """{"role": "adapter", "path": "report.safetensors"}""");
        });
        Assert.Equal(code, Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu")).Code);
    }

    [Theory]
    [InlineData("bf16")]
    [InlineData("int8")]
    public void Precisions_change_the_memory_and_hardly_the_numbers(string precision)
    {
        using var exact = HSENetModel.Load(_folder.Root, "cpu", "fp32");
        using var narrow = HSENetModel.Load(_folder.Root, "cpu", precision);
        using var tokens = exact.Encode(s_input).Tokens;
        var (expected, actual) = (exact.FirstLogits(tokens), narrow.FirstLogits(tokens));
        Assert.InRange((expected - actual).abs().max().item<float>(), 1e-7f, 0.05 * expected.abs().max().item<float>());
        Assert.NotEmpty(narrow.Generate(s_input, null, default).Findings);
    }

    [Fact]
    public void Weights_stored_as_int8_load_as_they_are_and_equal_those_quantized_while_loading()
    {
        StoreAsInt8();
        using var stored = HSENetModel.Load(_folder.Root, "cpu");
        using var quantized = HSENetModel.Load(DemoModelFixture.Directory, "cpu", "int8");
        using var tokens = stored.Encode(s_input).Tokens;
        Assert.True(stored.FirstLogits(tokens).equal(quantized.FirstLogits(tokens)).all().item<bool>());
        Assert.Equal("model.precision", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu", "bf16")).Code);
    }

    [Fact]
    public void Int8_is_refused_on_another_device_than_the_cpu_whether_asked_for_or_stored_and_16_bits_are_not()
    {
        var other = new Device(DeviceType.META);
        var asked = Assert.Throws<HSENetModelException>(() => HSENetModel.Load(DemoModelFixture.Directory, other, "int8"));
        StoreAsInt8();
        var stored = Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, other, "auto"));
        Assert.All([asked, stored], refused => Assert.Equal("model.precision", refused.Code));
        Assert.Contains("bf16", asked.Message, StringComparison.Ordinal);
        foreach (var precision in new[] { "auto", "bf16", "fp16" })
        {
            using var model = HSENetModel.Load(DemoModelFixture.Directory, other, precision);
            Assert.True(model.WritesReports);
        }
    }

    [Fact]
    public void An_int8_matrix_without_its_scale_or_in_another_type_is_refused()
    {
        StoreAsInt8(drop: "model.layers.0.mlp.down_proj.weight_scale");
        Assert.Equal("weights.missing", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu")).Code);
        StoreAsInt8(asFloat: "model.layers.0.mlp.down_proj.weight");
        Assert.Equal("weights.type", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu")).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("Where\u0007?")]
    public void A_question_that_is_none_is_refused(string question)
    {
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        Assert.Equal("model.question", Assert.Throws<HSENetModelException>(() => model.Ask(s_input, question, null, default)).Code);
        Assert.Equal("model.question", Assert.Throws<HSENetModelException>(() => model.Ask(s_input, new string('x', 2001), null, default)).Code);
    }

    [Fact]
    public void Drawing_is_configured_in_the_directory()
    {
        Configure(json =>
        {
            json["generation"]!["temperature"] = 1.5;
            json["generation"]!["topP"] = 0.9;
            json["generation"]!["seed"] = 5;
        });
        using var drawn = HSENetModel.Load(_folder.Root, "cpu");
        using var greedy = HSENetModel.Load(DemoModelFixture.Directory, "cpu");
        var text = drawn.Generate(s_input, null, default).Findings;
        Assert.Equal(text, drawn.Generate(s_input, null, default).Findings);
        Assert.NotEqual(text, greedy.Generate(s_input, null, default).Findings);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    private const string Prompt = "Write down what this chest scan shows.";

    private void Configure(Action<JsonNode> edit)
    {
        var json = JsonNode.Parse(File.ReadAllText(_folder.Path("hsenet.json")))!;
        edit(json);
        File.WriteAllText(_folder.Path("hsenet.json"), json.ToJsonString());
    }

    private static void Replace(JsonNode json, string role, params string[] files)
    {
        var weights = json["weights"]!.AsArray();
        foreach (var old in weights.Where(file => file!["role"]!.GetValue<string>() == role).ToList())
        {
            weights.Remove(old);
        }

        foreach (var file in files)
        {
            weights.Add(JsonNode.Parse(file));
        }
    }

    /// <summary>Random low-rank matrices and no packers.</summary>
    private void WriteLowRank(string name, int seed)
    {
        WriteAdapter("whole.safetensors", seed, packerFactor: 1, loraScale: 0.2);
        using var whole = SafeTensorsFile.Open(_folder.Path("whole.safetensors"));
        SafeTensorsWriter.Write(
            _folder.Path(name), whole.Entries.Where(entry => AdapterNames.IsLora(AdapterNames.Canonical(entry.Name))).ToDictionary(entry => entry.Name, entry => whole.View(entry.Name)));
    }

    /// <summary>The shipped packers, scaled, and random low-rank matrices, under the authors' names.</summary>
    private void WriteAdapter(string name, int seed, double packerFactor, double loraScale)
    {
        using var quiet = no_grad();
        manual_seed(seed);
        using var packers = SafeTensorsFile.Open(_folder.Path("packers.safetensors"));
        var tensors = packers.Entries.ToDictionary(entry => Wrapper + entry.Name, entry => packers.View(entry.Name) * packerFactor);
        using var adapter = new LoraAdapter(ModelDirectory.Open(DemoModelFixture.Directory).Configuration.Language!, new LoraConfig(2, 4));
        foreach (var (key, tensor) in adapter.state_dict())
        {
            tensors.Add(Wrapper + key.Replace(".weight", ".default.weight"), randn(tensor.shape) * loraScale);
        }

        SafeTensorsWriter.Write(_folder.Path(name), tensors);
    }

    private sealed class Stages : IProgress<ModelStage>
    {
        public List<ModelStage> Told { get; } = [];

        public void Report(ModelStage value) => Told.Add(value);
    }

    private void StoreAsInt8(string? drop = null, string? asFloat = null)
    {
        using var quiet = no_grad();
        using var source = SafeTensorsFile.Open(Path.Combine(DemoModelFixture.Directory, "language-model.safetensors"));
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in source.Entries)
        {
            if (!entry.Name.Contains("proj", StringComparison.Ordinal))
            {
                tensors.Add(entry.Name, source.View(entry.Name));
                continue;
            }

            var (weight, scale) = WeightOnlyLinear.Quantize(source.View(entry.Name));
            tensors.Add(entry.Name, entry.Name == asFloat ? weight.to_type(ScalarType.Float32) : weight);
            tensors.Add(entry.Name + "_scale", scale);
        }

        tensors.Remove(drop ?? string.Empty);
        SafeTensorsWriter.Write(_folder.Path("language-model.safetensors"), tensors);
        Configure(json => Replace(json, "language-model", """{"role": "language-model", "path": "language-model.safetensors"}"""));
    }
}
