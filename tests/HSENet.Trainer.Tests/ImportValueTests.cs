using System.Text.Json.Nodes;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests;

/// <summary><c>import</c> judges types and values, and the output layer that some files have beside the embeddings.</summary>
public sealed class ImportValueTests : IDisposable
{
    private const string Embeddings = "model.embed_tokens.weight";
    private const string Output = "lm_head.weight";

    private static readonly TextEncoderConfig s_text = new(50, 24, 1, 3, 40, 32);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TempFolder _folder = new("import-values");

    private string Out => _folder.Path("model");

    private string LanguageFile => _folder.Path("phi", "model.safetensors");

    [Theory]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Bool)]
    public void Tensor_that_is_no_floating_point_one_is_refused_by_name(ScalarType type)
    {
        WriteText(tensors => tensors["encoder.layer.0.output.dense.weight"] = zeros([24, 40], type));
        Refused("--text-encoder", "bert", "weights.type", $"encoder.layer.0.output.dense.weight {type}");

        WriteLanguage(tensors => tensors["model.layers.0.mlp.down_proj.weight"] = zeros([64, 96], type));
        Refused("--language-model", "phi", "weights.type", $"model.layers.0.mlp.down_proj.weight {type}");
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Every_floating_point_type_keeps_its_type_and_values(ScalarType type)
    {
        WriteText(tensors => tensors["encoder.layer.0.output.dense.weight"] = (randn(24, 40) * 0.1).to_type(type));
        Import("--text-encoder", "bert").Done();

        using var source = SafeTensorsFile.Open(_folder.Path("bert", "model.safetensors"));
        using var written = SafeTensorsFile.Open(Path.Combine(Out, "text-encoder.safetensors"));
        foreach (var entry in source.Entries)
        {
            Assert.True(source.View(entry.Name).Equals(written.View(entry.Name)), entry.Name);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Value_that_is_not_finite_is_refused_with_its_tensor_and_nothing_is_left_behind(double value)
    {
        WriteText(tensors => tensors["embeddings.LayerNorm.weight"][7] = value);
        Refused("--text-encoder", "bert", "weights.value", "embeddings.LayerNorm.weight");

        WriteLanguage(tensors => tensors["model.layers.0.self_attn.qkv_proj.weight"][3, 5] = value);
        Refused("--language-model", "phi", "weights.value", "model.layers.0.self_attn.qkv_proj.weight");
        TrainerRun.Of("import", "--out", Out, "--language-model", _folder.Path("phi"), "--quantize", "int8").Refused("weights.value", "model.layers.0.self_attn.qkv_proj.weight");
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Output_layer_equal_to_the_embeddings_is_left_out()
    {
        WriteLanguage(tensors => tensors[Output] = tensors[Embeddings].clone());
        Import("--language-model", "phi").Done();

        using var written = SafeTensorsFile.Open(Path.Combine(Out, "language-model.safetensors"));
        Assert.True(written.Contains(Embeddings));
        Assert.False(written.Contains(Output));
        Assert.NotNull(new Model.LanguageWeights(ModelDirectory.Open(Out), "auto"));
    }

    [Fact]
    public void Output_layer_of_its_own_is_refused_whatever_it_differs_in()
    {
        foreach (var change in (Func<Tensor, Tensor>[])[table => table + 1e-2, table => table.to_type(ScalarType.Float32), table => table.narrow(0, 0, 100).clone(), table => table * 0])
        {
            WriteLanguage(tensors => tensors[Output] = change(tensors[Embeddings]));
            Refused("--language-model", "phi", "weights.unexpected", "lm_head.weight differs from model.embed_tokens.weight");
        }

        WriteLanguage(tensors =>
        {
            tensors[Output] = tensors[Embeddings];
            tensors.Remove(Embeddings);
        });
        Refused("--language-model", "phi", "weights.missing", Embeddings);
    }

    [Fact]
    public void Language_model_that_says_its_output_layer_is_not_tied_is_refused()
    {
        WriteLanguage(tensors => tensors[Output] = tensors[Embeddings].clone());
        var config = _folder.Path("phi", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false", StringComparison.Ordinal));
        Refused("--language-model", "phi", "model.unsupported", "tied");
    }

    [Theory]
    [InlineData("\"rope_scaling\":{\"type\":\"longrope\",\"short_factor\":null,\"long_factor\":null}", "short_factor")]
    [InlineData("\"rope_scaling\":{\"type\":null,\"short_factor\":[1],\"long_factor\":[1]}", "type")]
    [InlineData("\"hidden_act\":null", "hidden_act")]
    public void Null_where_the_language_model_needs_a_value_is_refused_by_its_field(string field, string name)
    {
        WriteLanguage(_ => { });
        var config = _folder.Path("phi", "config.json");
        var json = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse($"{{{field}}}")!.AsObject())
        {
            json[key] = value?.DeepClone();
        }

        File.WriteAllText(config, json.ToJsonString());
        Refused("--language-model", "phi", "import.config", name);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private TrainerRun Import(string option, string folder) => TrainerRun.Of("import", "--out", Out, option, _folder.Path(folder));

    private void Refused(string option, string folder, string code, string detail)
    {
        Import(option, folder).Refused(code, detail);
        Assert.DoesNotContain(Directory.EnumerateDirectories(_folder.Root), name => name.Contains("model", StringComparison.Ordinal));
    }

    private void WriteText(Action<Dictionary<string, Tensor>> edit)
    {
        Directory.CreateDirectory(_folder.Path("bert"));
        File.WriteAllText(_folder.Path("bert", "config.json"), """{"vocab_size":50,"hidden_size":24,"num_hidden_layers":1,"num_attention_heads":3,"intermediate_size":40,"max_position_embeddings":32}""");
        var tensors = PublishedShapes.TextEncoder(s_text).ToDictionary(item => item.Key, item => randn(item.Value));
        edit(tensors);
        SafeTensorsWriter.Write(_folder.Path("bert", "model.safetensors"), tensors);
    }

    private void WriteLanguage(Action<Dictionary<string, Tensor>> edit)
    {
        NarrowPhi.Write(_folder.Path("phi"), layers: 1);
        Dictionary<string, Tensor> tensors;
        using (var file = SafeTensorsFile.Open(LanguageFile))
        {
            tensors = file.Entries.ToDictionary(entry => entry.Name, entry => file.Read(entry.Name));
        }

        edit(tensors);
        SafeTensorsWriter.Write(LanguageFile, tensors);
    }
}
