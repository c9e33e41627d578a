using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Commands;
using HSENet.Trainer.Tests.Training;
using TorchSharp;

namespace HSENet.Trainer.Tests.FineTuning;

[Collection(TrainingCollection.Name)]
public sealed class FineTuneCommandTests : IDisposable
{
    private readonly TempFolder _folder = new("finetune-command");

    [Fact]
    public void Reports_then_questions_are_learned_from_a_manifest_and_the_run_is_on_record()
    {
        TinyModel.Write(_folder.Path("model"));
        TrainerRun.Of("phantoms", "--out", _folder.Path("data"), "--count", "4").Done();
        File.WriteAllText(_folder.Path("short.json"), """{ "training": { "epochs": 2, "batch": 2, "device": "cpu" }, "trainBase": false, "length": 200 }""");

        var first = Tune("report", "model", "reporting", "--preset", "phantom-report", "--config", _folder.Path("short.json"), "--validation", _folder.Path("data", "manifest.jsonl")).Done();
        Assert.Contains("validation at step 4 of 4: loss ", first.Output, StringComparison.Ordinal);
        Assert.Contains(" of 4 items", first.Output, StringComparison.Ordinal);
        Assert.Contains("4 samples of 4 studies, 42 prompts", first.Output, StringComparison.Ordinal);
        Assert.Contains("finished: 4 steps", first.Output, StringComparison.Ordinal);
        var second = Tune("vqa", "reporting", "both", "--preset", "phantom-vqa", "--config", _folder.Path("short.json")).Done();
        Assert.Contains("samples of 4 studies, 50 prompts", second.Output, StringComparison.Ordinal);

        Assert.Equal(["report", "vqa"], ModelDirectory.Open(_folder.Path("both")).Configuration.Weights.Where(file => file.Role == WeightRoles.Adapter).Select(file => file.Task));
        HSENetModel.Load(_folder.Path("both"), "cpu").Dispose();
        var record = JsonNode.Parse(File.ReadAllText(_folder.Path("both", "run.json")))!;
        Assert.Equal(ModelDirectory.Open(_folder.Path("reporting")).Digest(), record["models"]!["model"]!.GetValue<string>());
        Assert.Equal("vqa", record["settings"]!["task"]!.GetValue<string>());

        Tune("report", "model", "reporting", "--preset", "phantom-report").Refused("training.exists");
        Assert.Contains("resuming at step 4", Tune("report", "model", "reporting", "--preset", "phantom-report", "--config", _folder.Path("short.json"), "--resume").Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("finetune")]
    [InlineData("finetune", "--task", "poem", "--data", "x", "--model", "x", "--out", "y", "--preset", "phantom-report")]
    [InlineData("finetune", "--task", "report", "--data", "x", "--model", "x", "--out", "y")]
    [InlineData("finetune", "--task", "report", "--data", "x", "--model", "x", "--out", "y", "--preset", "best")]
    [InlineData("finetune", "--task", "vqa", "--data", "x", "--model", "x", "--out", "y", "--preset", "phantom-report")]
    public void A_wrong_command_line_exits_with_2(params string[] args) => Assert.Equal(ExitCode.Usage, TrainerRun.Of(args).Code);

    [Fact]
    public void Settings_that_are_wrong_and_the_own_directory_are_refused()
    {
        TinyModel.Write(_folder.Path("model"));
        File.WriteAllText(_folder.Path("bad.json"), """{ "lenght": 200 }""");
        Tune("report", "model", "out", "--config", _folder.Path("bad.json")).Refused("settings.file", "lenght");
        File.WriteAllText(_folder.Path("bad.json"), """{ "lora": { "rank": 0 } }""");
        Tune("report", "model", "out", "--config", _folder.Path("bad.json")).Refused("settings.range", "lora");
        Tune("report", "model", "model", "--preset", "phantom-report").Refused("finetune.out");
    }

    [Fact]
    public void Import_takes_an_adapter_file_of_ours_as_it_takes_the_authors()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var language = model.Configuration.Language!;
        using var packers = new PackerPair(model.Configuration with
        {
            Vision = new() { Image = [32, 256, 256], Patch = [4, 16, 16], Hidden = 768, Layers = 1, Heads = 12, Mlp = 32 }, Packer = new() { Points = [8, 4, 4], Out = language.HiddenSize },
        });
        using var adapter = new LoraAdapter(language, new LoraConfig(16, 32));
        Directory.CreateDirectory(_folder.Path("phi"));
        var config = JsonSerializer.SerializeToNode(language)!;
        config["eos_token_id"] = 398;
        File.WriteAllText(_folder.Path("phi", "config.json"), config.ToJsonString());
        File.Copy(Path.Combine(model.Root, "language-model.safetensors"), _folder.Path("phi", "model.safetensors"));
        SafeTensorsWriter.Write(
            _folder.Path("adapter.safetensors"),
            packers.Parameters.Select(item => (item.Name, (torch.Tensor)item.Value)).Concat(adapter.named_parameters().Select(item => (item.name, (torch.Tensor)item.parameter)))
                .Select(item => KeyValuePair.Create(AdapterNames.Published(item.Item1), item.Item2)));

        var run = TrainerRun.Of("import", "--out", _folder.Path("imported"), "--adapter", _folder.Path("adapter.safetensors"), "--language-model", _folder.Path("phi")).Done();

        Assert.Contains("adapter: 44 tensors", run.Output, StringComparison.Ordinal);
        Assert.Equal(["spatial-packer"], [ModelDirectory.Open(_folder.Path("imported")).Configuration.Packer!.Kind]);
    }

    public void Dispose() => _folder.Dispose();

    private TrainerRun Tune(string task, string model, string target, params string[] rest) => TrainerRun.Of(
    [
        "finetune", "--task", task, "--data", _folder.Path("data", "manifest.jsonl"), "--model", _folder.Path(model), "--out", _folder.Path(target),
        "--cache", _folder.Path("cache"), .. rest,
    ]);
}
