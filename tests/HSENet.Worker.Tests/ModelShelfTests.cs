using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace HSENet.Worker.Tests;

public sealed class ModelShelfTests : IDisposable
{
    private readonly TempFolder _models = new("shelf");
    private readonly List<string> _calls = [];
    private readonly WorkerSettings _settings = new();
    private readonly ModelShelf _shelf;

    public ModelShelfTests()
    {
        foreach (var name in (string[])["a", "b", "c"])
            File.WriteAllText(Path.Combine(_models.Folder(name), "hsenet.json"), "{}");
        _settings.Model.Directory = _models.Path("a");
        _shelf = new ModelShelf(Open(_settings.Model.Directory), d => Open(d), _settings, NullLogger<ModelShelf>.Instance);
    }

    [Fact]
    public async Task With_room_for_one_the_model_before_makes_room_first()
    {
        await UseAsync("a", "a", "b", "a");
        Assert.Equal(["load a", "use a", "use a", "unload a", "load b", "use b", "unload b", "load a", "use a"], _calls);
        Assert.Equal(["a"], _shelf.Loaded);
    }

    [Fact]
    public async Task With_room_for_two_the_one_used_longest_ago_makes_room()
    {
        _settings.Model.MaximumLoaded = 2;
        await UseAsync("a", "b", "a", "c", "a");
        Assert.Equal(["load a", "use a", "load b", "use b", "use a", "unload b", "load c", "use c", "use a"], _calls);
        Assert.Equal(["a", "c"], _shelf.Loaded);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("../shelf/a")]
    [InlineData("..")]
    public async Task A_model_that_is_not_there_disturbs_nothing(string name)
    {
        await UseAsync("a");
        var failure = await Assert.ThrowsAsync<WorkerException>(() => UseAsync(name));
        Assert.Equal(("model.missing", "model.missing"), (failure.Code, _shelf.Trouble));
        Assert.Equal(["a"], _shelf.Loaded);
        await UseAsync("a");
        Assert.Null(_shelf.Trouble);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_told_and_tried_again()
    {
        await UseAsync("a");
        File.WriteAllText(_models.Path("b", "broken"), "");
        await Assert.ThrowsAsync<HSENetModelException>(() => UseAsync("b"));
        Assert.Equal("weights.missing", _shelf.Trouble);
        Assert.Empty(_shelf.Loaded);
        File.Delete(_models.Path("b", "broken"));
        await UseAsync("b");
        Assert.Equal((null, "b"), (_shelf.Trouble, Assert.Single(_shelf.Loaded)));
    }

    [Fact]
    public async Task None_is_unloaded_while_it_is_used()
    {
        var isUsed = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var first = _shelf.WithAsync(
            "a",
            async _ =>
            {
                isUsed.SetResult();
                await goOn.Task;
                _calls.Add("done a");
                return true;
            },
            CancellationToken.None);
        await isUsed.Task;
        var second = UseAsync("b");
        Assert.False(second.IsCompleted);
        goOn.SetResult();
        await first;
        await second;
        Assert.Equal(["load a", "done a", "unload a", "load b", "use b"], _calls);
    }

    public void Dispose() => _models.Dispose();

    private async Task UseAsync(params string[] names)
    {
        foreach (var name in names)
            await _shelf.WithAsync(name, _ => Task.FromResult(Add($"use {name}")), CancellationToken.None);
    }

    private bool Add(string call)
    {
        _calls.Add(call);
        return true;
    }

    private NamedModel Open(string directory) => new NamedModel(directory, _calls);

    private sealed class NamedModel(string directory, List<string> calls) : IReportModel
    {
        private readonly string _name = Path.GetFileName(directory);

        public ModelIdentity Identity { get; } = new("named", "1", new string('b', 64), "demonstration", null);

        public string SettingsJson => "{}";

        public Task LoadAsync(CancellationToken cancellationToken)
        {
            if (File.Exists(Path.Combine(directory, "broken")))
                throw new HSENetModelException("weights.missing", "it is broken");
            calls.Add($"load {_name}");
            return Task.CompletedTask;
        }

        public Task UnloadAsync()
        {
            calls.Add($"unload {_name}");
            return Task.CompletedTask;
        }

        public Task<GeneratedReport> GenerateAsync(CtVolume volume, IProgress<ModelStage> progress, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
