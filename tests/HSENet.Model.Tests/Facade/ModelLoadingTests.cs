using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Facade;

/// <summary>Loading is all or nothing, and the refusal names what is wrong. Each test damages a copy of the shipped model.</summary>
public sealed class ModelLoadingTests : IDisposable
{
    private readonly TempFolder _folder = new("model");

    public ModelLoadingTests()
    {
        foreach (var file in Directory.GetFiles(DemoModelFixture.Directory))
        {
            File.Copy(file, _folder.Path(Path.GetFileName(file)));
        }
    }

    public static TheoryData<string, string, string> BrokenSections => new()
    {
        { "vision", "model.incomplete", "vision" },
        { "slices", "model.incomplete", "slices" },
        { "slices.encoder", "model.incomplete", "slices.encoder" },
        { "packer", "model.incomplete", "packer" },
        { "language", "model.incomplete", "language" },
        { "tokenizer", "model.incomplete", "tokenizer" },
        { "preprocessing", "model.incomplete", "preprocessing" },
        { "generation", "model.incomplete", "generation" },
        { "weights", "model.incomplete", "language-model" },
        { "name", "model.config", "name" },
        { "purpose", "model.config", "purpose" },
        { "vision.hidden", "model.config", "hidden" },
        { "language.vocab_size", "model.config", "vocab_size" },
    };

    public static TheoryData<string, string, string, string> BrokenValues => new()
    {
        { "surprise", "1", "model.config", "surprise" },
        { "vision.surprise", "1", "model.config", "surprise" },
        { "purpose", "\"clinical\"", "model.config", "purpose" },
        { "warning", "\" \"", "model.config", "warning" },
        { "vision.image", "[32, 128]", "model.config", "vision.image" },
        { "vision.image", "[32, 128, 130]", "model.config", "not a multiple" },
        { "vision.hidden", "\"96\"", "model.config", "hidden" },
        { "vision.heads", "5", "model.config", "heads" },
        { "vision.layers", "0", "model.config", "positive" },
        { "vision.towers", "\"three\"", "model.config", "towers" },
        { "vision.guide", "\"text\"", "model.unsupported", "vision.guide" },
        { "slices.width", "64", "model.config", "slices.width" },
        { "packer.points", "[8, 4, 3]", "model.config", "packer.points" },
        { "packer.out", "64", "model.config", "packer.out" },
        { "packer.kind", "\"q-former\"", "weights.missing", "mm_projector2.query_tokens" },
        { "packer.kind", "\"pooling\"", "model.config", "packer.kind" },
        { "language.max_position_embeddings", "40", "model.context", "40" },
        { "language.sliding_window", "41", "model.context", "41" },
        { "language.sliding_window", "0", "model.config", "positive" },
        { "language.num_key_value_heads", "3", "model.config", "num_key_value_heads" },
        { "language.tie_word_embeddings", "false", "model.unsupported", "tied" },
        { "language.rope_scaling", "{\"type\": \"yarn\", \"short_factor\": [], \"long_factor\": []}", "model.unsupported", "yarn" },
        { "language.vocab_size", "700", "model.config", "stop" },
        { "language.lora", "{\"rank\": 16, \"alpha\": 32}", "model.incomplete", "adapter" },
        { "tokenizer.kind", "\"o200k\"", "model.config", "vocab_size" },
        { "tokenizer.split", "\"words\"", "model.config", "tokenizer.split" },
        { "tokenizer.files", "[]", "model.config", "tokenizer.files" },
        { "tokenizer.files", "[\"../elsewhere.json\"]", "model.config", "../elsewhere.json" },
        { "tokenizer.files", "[\"absent.json\"]", "model.file", "absent.json" },
        { "preprocessing.axes", "[\"S\", \"L\", \"R\"]", "model.config", "axes" },
        { "preprocessing.volumeWindow", "[200, -1000]", "model.config", "volumeWindow" },
        { "preprocessing.sliceJpegQuality", "101", "model.config", "sliceJpegQuality" },
        { "generation.maxNewTokens", "0", "model.config", "maxNewTokens" },
        { "generation.stop", "[]", "model.config", "generation.stop" },
        { "weights.0.role", "\"magic\"", "model.config", "magic" },
        { "weights.0.role", "\"text-encoder\"", "model.incomplete", "vision-stage1" },
        { "weights.0.sha256", "\"abc\"", "model.config", "sha256" },
    };

    [Theory]
    [MemberData(nameof(BrokenSections))]
    public void A_missing_part_is_named(string field, string code, string name)
    {
        Edit(json => Parent(json, field).AsObject().Remove(field.Split('.')[^1]));
        AssertRefused(code, name);
    }

    [Theory]
    [MemberData(nameof(BrokenValues))]
    public void A_wrong_value_is_named(string field, string value, string code, string name)
    {
        Edit(json => Parent(json, field)[field.Split('.')[^1]] = JsonNode.Parse(value));
        AssertRefused(code, name);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named() =>
        Assert.Equal("model.directory", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Path("absent"))).Code);

    [Fact]
    public void A_configuration_that_is_not_JSON_is_refused()
    {
        File.WriteAllText(_folder.Path("hsenet.json"), "{");
        AssertRefused("model.config", "hsenet.json");
    }

    [Fact]
    public void A_field_given_twice_is_refused()
    {
        var json = File.ReadAllText(_folder.Path("hsenet.json"));
        File.WriteAllText(_folder.Path("hsenet.json"), json.Replace("\"licence\":", "\"name\": \"again\", \"licence\":", StringComparison.Ordinal));
        AssertRefused("model.config", "name");
    }

    [Fact]
    public void A_weight_file_that_is_not_the_configured_one_is_refused()
    {
        var path = _folder.Path("packers.safetensors");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused("weights.digest", "packers.safetensors");
    }

    [Fact]
    public void A_missing_weight_file_is_named()
    {
        File.Delete(_folder.Path("slice-encoder.safetensors"));
        AssertRefused("model.file", "slice-encoder.safetensors");
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        Rewrite("packers.safetensors", tensors => tensors.Remove("mm_projector2.proj_mpls.0.bias"));
        AssertRefused("weights.missing", "mm_projector2.proj_mpls.0.bias");
    }

    [Fact]
    public void An_unexpected_tensor_is_named()
    {
        Rewrite("language-model.safetensors", tensors => tensors.Add("lm_head.weight", zeros(1)));
        AssertRefused("weights.unexpected", "lm_head.weight");
    }

    [Fact]
    public void A_misshapen_tensor_is_named()
    {
        Rewrite("vision-stage2.safetensors", tensors => tensors["patch_score_proj.bias"] = zeros(2));
        AssertRefused("weights.shape", "patch_score_proj.bias");
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:0")]
    public void A_GPU_that_is_not_there_is_an_error(string device)
    {
        Assert.SkipWhen(cuda.is_available(), "this machine has a GPU");
        Assert.Equal("model.device", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, device)).Code);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:9999")]
    [InlineData("")]
    public void An_unknown_device_is_an_error(string device) =>
        Assert.Equal("model.device", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, device)).Code);

    [Theory]
    [InlineData("fp16")]       // on a CPU
    [InlineData("int4")]
    [InlineData("")]
    public void A_precision_that_cannot_be_had_is_an_error(string precision) =>
        Assert.Equal("model.precision", Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu", precision)).Code);

    [Fact]
    public void Digest_is_that_of_the_documented_lines()
    {
        using var model = HSENetModel.Load(_folder.Root, "cpu", "fp32");
        var names = Directory.GetFiles(_folder.Root).Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal);
        var lines = string.Concat(names.Select(name => $"{name}\0{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder.Path(name))))}\n"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines))), model.Identity.Digest);
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("hsenet.json")]
    public void Digest_changes_with_every_file(string name)
    {
        string Digest()
        {
            using var model = HSENetModel.Load(_folder.Root, "cpu");
            return model.Identity.Digest;
        }

        var before = Digest();
        File.AppendAllText(_folder.Path(name), "\n");
        Assert.NotEqual(before, Digest());
    }

    [Fact]
    public void A_demonstration_model_always_has_a_warning()
    {
        Edit(json => json.AsObject().Remove("warning"));
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        Assert.Equal("demonstration model, not for clinical use", model.Identity.Warning);
    }

    [Fact]
    public void A_research_model_has_a_warning_only_where_it_is_given()
    {
        Edit(json =>
        {
            json["purpose"] = "research";
            json.AsObject().Remove("warning");
        });
        using var model = HSENetModel.Load(_folder.Root, "cpu");
        Assert.Null(model.Identity.Warning);
    }

    public void Dispose() => _folder.Dispose();

    private static JsonNode Parent(JsonNode json, string field) =>
        field.Split('.')[..^1].Aggregate(json, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!);

    private void AssertRefused(string code, string name)
    {
        var refusal = Assert.Throws<HSENetModelException>(() => HSENetModel.Load(_folder.Root, "cpu"));
        Assert.Equal((code, true), (refusal.Code, refusal.Message.Contains(name, StringComparison.Ordinal)));
    }

    private void Edit(Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllBytes(_folder.Path("hsenet.json")))!;
        change(json);
        File.WriteAllText(_folder.Path("hsenet.json"), json.ToJsonString());
    }

    /// <summary>Changes the tensors of a weight file; its new digest goes into hsenet.json, so that only the loader can object.</summary>
    private void Rewrite(string name, Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = SafeTensorsFile.Open(_folder.Path(name)))
        {
            tensors = file.Entries.ToDictionary(entry => entry.Name, entry => file.Read(entry.Name));
        }

        change(tensors);
        SafeTensorsWriter.Write(_folder.Path(name), tensors);
        Edit(json => json["weights"]!.AsArray().Single(file => file!["path"]!.GetValue<string>() == name)!["sha256"] =
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder.Path(name)))));
    }
}
