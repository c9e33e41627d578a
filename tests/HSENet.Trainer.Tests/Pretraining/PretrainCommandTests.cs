using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Pretraining;

/// <summary><c>pretrain</c> from the command line, on phantoms and at the smallest size.</summary>
[Collection(TrainingCollection.Name)]
public sealed class PretrainCommandTests : IDisposable
{
    private const string Small = """
        {
          "training": { "epochs": 2, "batch": 4, "checkpointInterval": 2, "device": "cpu" },
          "model": {
            "vision": { "image": [32, 64, 64], "patch": [8, 16, 16], "hidden": 16, "layers": 1, "heads": 2, "mlp": 32 }, "slices": { "count": 4, "width": 16 },
            "text": { "vocab": 160, "hidden": 16, "layers": 1, "heads": 2, "intermediate": 32, "positions": 64 }
          }
        }
        """;

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new("pretrain");

    [Fact]
    public void Both_stages_run_from_phantoms_to_a_directory_that_encode_loads()
    {
        var data = Phantoms(9);
        SliceEncoder();
        var first = Pretrain(1, data, "one", "--slice-encoder", _folder.Path("slices")).Done();
        Assert.Contains("epoch 2 of 2, step 4 of 4, loss ", first.Output, StringComparison.Ordinal);
        Assert.Contains("finished: 4 steps, 0 items left out", first.Output, StringComparison.Ordinal);
        var second = Pretrain(2, data, "two", "--teacher", _folder.Path("one"), "--cache", _folder.Path("one", "cache")).Done();
        Assert.Contains("start: tower", second.Output, StringComparison.Ordinal);
        Assert.Contains("consistency", second.Output, StringComparison.Ordinal);

        var model = ModelDirectory.Open(_folder.Path("two"));
        Assert.Equal([WeightRoles.Clip, WeightRoles.SliceEncoder], model.Configuration.Weights.Select(file => file.Role));
        Assert.Equal(["vocab.txt"], model.Configuration.Text!.Files);
        using var scope = NewDisposeScope();
        SafeTensorsWriter.Write(
            _folder.Path("in"), [KeyValuePair.Create("volume", rand([2, 1, 32, 64, 64], ScalarType.Float32)), KeyValuePair.Create("slices", randint(0, 256, [2, 4, 64, 64], ScalarType.Byte))]);
        TrainerRun.Of("encode", "--model", _folder.Path("two"), "--input", _folder.Path("in"), "--out", _folder.Path("out")).Done();
        using var results = SafeTensorsFile.Open(_folder.Path("out"));
        Assert.Equal(
            ["global_tokens", "image_embedding_stage1", "image_embedding_stage2", "local_tokens", "patch_scores"], results.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));

        var record = JsonNode.Parse(File.ReadAllText(_folder.Path("two", "run.json")))!;
        Assert.Equal("pretrain", (string?)record["command"]![0]);
        Assert.Equal(64, ((string?)record["dataDigest"])!.Length);
        Assert.Equal(["slice-encoder", "teacher"], record["models"]!.AsObject().Select(item => item.Key));
        Assert.Equal((9, 4, 42), ((int)record["studies"]!, (int)record["steps"]!, (int)record["seed"]!));
        Assert.Equal("finished", (string?)record["starts"]![0]!["outcome"]);
        Assert.Equal(2, (int)record["settings"]!["training"]!["epochs"]!);
        Assert.Contains("libtorch", record["versions"]!.AsObject().Select(item => item.Key));
        Assert.Equal(2, File.ReadLines(_folder.Path("two", "training.log")).Count(line => line.Contains(" epoch ", StringComparison.Ordinal)));
        Assert.Single(Directory.GetFiles(_folder.Path("two", "events")));
        Assert.Equal(["step-00000002", "step-00000004"], Directory.GetDirectories(_folder.Path("two", "checkpoints")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Training_that_is_there_is_not_overwritten_and_a_finished_one_resumes_to_the_same_model()
    {
        var data = Phantoms(5);
        Pretrain(1, data, "one").Done();
        var before = File.ReadAllBytes(_folder.Path("one", "clip.safetensors"));
        Pretrain(1, data, "one").Refused("training.exists", "--resume");
        var again = Pretrain(1, data, "one", "--resume").Done();
        Assert.Contains("resuming at step 2", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.Path("one", "clip.safetensors")));

        var other = Phantoms(6, seed: 3);
        Pretrain(1, other, "one", "--resume").Refused("checkpoint.other", "data was");
    }

    [Fact]
    public void Held_out_studies_are_measured_on_the_way_into_log_and_curves_and_the_model_is_the_same()
    {
        var (data, held) = (Phantoms(9), Phantoms(6, seed: 3));
        Pretrain(1, data, "plain").Done();
        var run = Pretrain(1, data, "measured", "--validation", held).Done();
        string[] Lines() => [.. File.ReadLines(_folder.Path("measured", "training.log")).Where(line => line.Contains(" validation at step ", StringComparison.Ordinal))];
        Assert.Equal(4, Lines().Length);   // 4 % of 4 steps is less than one
        Assert.Contains("validation at step 4 of 4: loss ", Lines()[^1], StringComparison.Ordinal);
        Assert.EndsWith(" of 6 items", Lines()[^1], StringComparison.Ordinal);
        Assert.Contains("for validation:\n6 studies, ", run.Output, StringComparison.Ordinal);
        var events = Assert.Single(Directory.GetFiles(_folder.Path("measured", "events")));
        Assert.Contains("validation/loss", File.ReadAllText(events, System.Text.Encoding.Latin1), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder.Path("plain", "clip.safetensors")), File.ReadAllBytes(_folder.Path("measured", "clip.safetensors")));

        var other = Small.Replace("\"training\"", """ "validation": { "share": 0.5, "items": 2 }, "training" """, StringComparison.Ordinal)
            .Replace("\"epochs\": 2", "\"epochs\": 3", StringComparison.Ordinal);
        Configured(other, data, "other", "--validation", held).Done();
        var log = File.ReadAllText(_folder.Path("other", "training.log"));
        Assert.Contains("validation at step 3 of 6: loss ", log, StringComparison.Ordinal);
        Assert.Contains(" of 2 items", log, StringComparison.Ordinal);
        Assert.DoesNotContain("validation at step 2 ", log, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_may_come_and_change_at_a_resume()
    {
        var (data, held) = (Phantoms(5), Phantoms(6, seed: 3));
        Pretrain(1, data, "one").Done();
        var other = Small.Replace("\"training\"", """ "validation": { "items": 3 }, "training" """, StringComparison.Ordinal);
        var again = Configured(other, data, "one", "--validation", held, "--resume").Done();
        Assert.Contains("resuming at step 2", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_use_is_told()
    {
        var data = Phantoms(4);
        Assert.Equal(2, TrainerRun.Of("pretrain", "--stage", "3", "--data", data, "--preset", "stage1", "--out", _folder.Path("x")).Code);
        Assert.Equal(2, TrainerRun.Of("pretrain", "--stage", "1", "--data", data, "--out", _folder.Path("x")).Code);
        Assert.Equal(2, TrainerRun.Of("pretrain", "--stage", "1", "--data", data, "--preset", "stage9", "--out", _folder.Path("x")).Code);
        Assert.Equal(2, TrainerRun.Of("pretrain", "--stage", "2", "--data", data, "--preset", "stage1", "--out", _folder.Path("x")).Code);
        Assert.Equal(2, TrainerRun.Of("pretrain", "--stage", "1", "--data", data, "--preset", "stage1", "--teacher", "y", "--out", _folder.Path("x")).Code);
        Pretrain(2, data, "y").Refused("settings.teacher", "--teacher");
        TrainerRun.Of("pretrain", "--stage", "1", "--data", data, "--preset", "stage1", "--out", _folder.Path("z")).Refused("settings.vocabulary", "--vocabulary");
    }

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task Sigterm_and_ctrl_c_save_and_end_with_0(int signal)
    {
        var data = Phantoms(5);
        File.WriteAllText(_folder.Path("long.json"), JsonNode.Parse(Small)!.AsObject().ToJsonString().Replace("\"epochs\":2", "\"epochs\":100000", StringComparison.Ordinal));
        string[] command =
        [
            Path.Combine(AppContext.BaseDirectory, "hsenet-train.dll"), "pretrain", "--stage", "1", "--data", data, "--preset", "phantom-stage1", "--config", _folder.Path("long.json"),
            "--out", _folder.Path("run"),
        ];
        await using var process = ChildProcess.Start("dotnet", command, new Dictionary<string, string?> { ["OMP_NUM_THREADS"] = "1" });
        await Until.TrueAsync(() => Steps().Length > 0, s_deadline, "a checkpoint");
        process.Signal(signal);
        Assert.Equal(0, await process.WaitForExitAsync(s_deadline));
        Assert.Contains("saved; continue with --resume", process.Text(isError: false), StringComparison.Ordinal);
        var step = Steps()[^1];
        Assert.Contains($"stopped at step {int.Parse(step[5..])} of 100000", process.Text(isError: false), StringComparison.Ordinal);
        var record = JsonNode.Parse(File.ReadAllText(_folder.Path("run", "run.json")))!;
        Assert.Equal("stopped", (string?)record["starts"]![0]!["outcome"]);
        Assert.False(File.Exists(_folder.Path("run", "hsenet.json")));
    }

    /// <summary>A disk that takes bytes and cannot keep them: strace fails the sync of one file, the first time.</summary>
    [Theory]
    [InlineData("EIO", "optimizer.safetensors")]
    [InlineData("ENOSPC", "state.json")]
    public async Task A_checkpoint_that_the_disk_does_not_keep_ends_the_run_with_an_error_and_the_one_before_goes_on_to_the_same_model(string error, string file)
    {
        var data = Phantoms(9);
        await File.WriteAllTextAsync(_folder.Path("small.json"), Small, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("dotnet", Train("undisturbed"))).ExitCode);
        string[] failing =
        [
            "-f", "-qqq", "-o", "/dev/null", "-e", "trace=fsync", "-e", $"inject=fsync:error={error}", "-P", _folder.Path("run", "checkpoints", ".partial-step-00000004", file), "dotnet",
        ];
        var failed = await RunAsync(Requirement.Tool("strace"), [.. failing, .. Train("run")]);
        Assert.True(failed.ExitCode == 1, failed.Output);
        Assert.Contains("error checkpoint.write: The checkpoint of step 4 could not be written: ", failed.Output, StringComparison.Ordinal);
        Assert.Equal(["step-00000002"], Steps());
        Assert.False(File.Exists(_folder.Path("run", "hsenet.json")));

        var resumed = await RunAsync("dotnet", [.. Train("run"), "--resume"]);
        Assert.True(resumed.ExitCode == 0, resumed.Output);
        Assert.Contains("resuming at step 2", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllBytesAsync(_folder.Path("undisturbed", "clip.safetensors"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(_folder.Path("run", "clip.safetensors"), TestContext.Current.CancellationToken));

        string[] Train(string name) =>
        [
            Path.Combine(AppContext.BaseDirectory, "hsenet-train.dll"), "pretrain", "--stage", "1", "--data", data, "--preset", "phantom-stage1", "--config", _folder.Path("small.json"),
            "--out", _folder.Path(name),
        ];
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>On one thread, so that sums have one order.</summary>
    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments, new Dictionary<string, string?> { ["OMP_NUM_THREADS"] = "1" });
        return (await process.WaitForExitAsync(s_deadline), process.Text(isError: false) + process.Text(isError: true));
    }

    private string[] Steps()
    {
        var folder = _folder.Path("run", "checkpoints");
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder, "step-*").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : [];
    }

    private string Phantoms(int count, int seed = 1)
    {
        var folder = _folder.Path($"phantoms{count}-{seed}");
        TrainerRun.Of("phantoms", "--out", folder, "--count", $"{count}", "--seed", $"{seed}").Done();
        return Path.Combine(folder, "manifest.jsonl");
    }

    private TrainerRun Configured(string settings, string data, string name, params string[] more)
    {
        File.WriteAllText(_folder.Path("other.json"), settings);
        return TrainerRun.Of(["pretrain", "--stage", "1", "--data", data, "--preset", "phantom-stage1", "--config", _folder.Path("other.json"), "--out", _folder.Path(name), .. more]);
    }

    private TrainerRun Pretrain(int stage, string data, string name, params string[] more)
    {
        File.WriteAllText(_folder.Path("small.json"), Small);
        return TrainerRun.Of(["pretrain", "--stage", $"{stage}", "--data", data, "--preset", $"phantom-stage{stage}", "--config", _folder.Path("small.json"), "--out", _folder.Path(name), .. more]);
    }

    /// <summary>A directory with a slice encoder that learned nothing.</summary>
    private void SliceEncoder()
    {
        var configuration = new ModelConfiguration
        {
            Name = "slices", Version = "1", Purpose = Purposes.Research, Vision = new() { Image = [32, 64, 64], Patch = [8, 16, 16], Hidden = 16, Layers = 1, Heads = 2, Mlp = 32 },
            Slices = new() { Count = 4, Width = 16, Encoder = new() { Image = 32, Patch = 16, Layers = 1, Heads = 2, Mlp = 32 } },
            Weights = [new() { Role = WeightRoles.SliceEncoder, Path = "slices.safetensors" }],
        };
        using var scope = NewDisposeScope();
        using var network = new VisualNetwork(configuration, VisualParts.SliceEncoder);
        SafeTensorsWriter.Write(Path.Combine(_folder.Folder("slices"), "slices.safetensors"), network.SliceEncoder!.state_dict().Select(item => KeyValuePair.Create(item.Key, item.Value)));
        ModelDirectory.Write(_folder.Path("slices"), configuration);
    }
}
