using HSENet.TestKit;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class CheckpointStoreTests : IDisposable
{
    private static readonly Dictionary<string, string> s_fingerprint = new() { ["data"] = "one", ["training"] = "fast" };

    private readonly TempFolder _folder = new("checkpoints");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly List<string> _warnings = [];

    [Fact]
    public void Last_two_are_kept_and_the_newest_is_taken()
    {
        Save(5, 10, 15);
        Assert.Equal([15, 10], Store().Steps);
        Assert.Equal((15, 15f), Load());
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("parameters.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("state.json")]
    public void Damaged_checkpoint_is_told_and_the_one_before_it_taken(string file)
    {
        Save(10, 15);
        var path = _folder.Path("step-00000015", file);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^3]);
        Assert.Equal((10, 10f), Load());
        Assert.Contains("step-00000015", Assert.Single(_warnings), StringComparison.Ordinal);
        Directory.Delete(_folder.Path("step-00000010"), recursive: true);
        Assert.Equal("checkpoint.damaged", Assert.Throws<TrainerException>(() => Load()).Code);
    }

    [Fact]
    public void Folder_that_was_left_half_written_does_not_count()
    {
        Save(10);
        Directory.CreateDirectory(_folder.Path(".partial-step-00000015"));
        Assert.Equal((10, 10f), Load());
        Save(20);
        Assert.False(Directory.Exists(_folder.Path(".partial-step-00000015")));
    }

    [Fact]
    public void Checkpoint_of_other_data_or_settings_is_refused_by_name()
    {
        Save(10);
        var fault = Assert.Throws<TrainerException>(() => Load(new() { ["data"] = "two", ["training"] = "fast" }));
        Assert.Equal("checkpoint.other", fault.Code);
        Assert.Contains("data was one and is two", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("training", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_there_is_not_an_error() => Assert.Null(new CheckpointStore(_folder.Path("none")).Load(Tensors(0), Tensors(0), s_fingerprint, _warnings.Add));

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static Dictionary<string, Tensor> Tensors(float value) => new() { ["weight"] = full([3], value, ScalarType.Float32) };

    private CheckpointStore Store() => new(_folder.Root);

    private void Save(params int[] steps)
    {
        foreach (var step in steps)
        {
            Store().Save(new CheckpointState { Step = step, Fingerprint = s_fingerprint, Means = new LossMeans(), Files = new Dictionary<string, string>() }, Tensors(step), Tensors(-step));
        }
    }

    private (long Step, float Weight) Load(Dictionary<string, string>? fingerprint = null)
    {
        var (parameters, optimizer) = (Tensors(0), Tensors(0));
        var state = Store().Load(parameters, optimizer, fingerprint ?? s_fingerprint, _warnings.Add);
        Assert.Equal(-parameters["weight"][0].ToSingle(), optimizer["weight"][0].ToSingle());
        return (state!.Step, parameters["weight"][0].ToSingle());
    }
}
