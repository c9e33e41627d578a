using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Generation;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.FineTuning;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.FineTuning;

public sealed class FineTuneTaskTests : IDisposable
{
    private readonly TempFolder _folder = new("finetune");
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Only_packers_and_adapter_are_trained_under_the_published_names()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        using var task = TinyRun.Task(model, TinyRun.Settings());
        Assert.Equal(2 * 10, task.Trained.Count(item => item.Name.StartsWith("base_model.model.model.mm_projector", StringComparison.Ordinal) && !item.Name.Contains("norm", StringComparison.Ordinal)) - 2 * 2 + 4);
        Assert.Equal(2 * 4 * 2, task.Trained.Count(item => item.Name.Contains(".lora_", StringComparison.Ordinal)));
        Assert.Contains(task.Trained, item => item.Name == "base_model.model.model.layers.1.self_attn.qkv_proj.lora_A.default.weight");
        Assert.Contains(task.Trained, item => item.Name == "base_model.model.model.mm_projector2.resolution_attention.Wq.weight");
        task.Loss([.. TinyModel.Data(model).Cases], TinyRun.Step(), new Dictionary<string, double>()).backward();
        Assert.All(task.Trained, item => Assert.True(item.Value.grad is not null, item.Name));
    }

    [Fact]
    public void Overfits_four_phantoms_and_what_is_written_and_loaded_writes_their_reports()
    {
        var model = TinyModel.Write(_folder.Path("model"), withLanguage: false);
        var settings = TinyRun.Settings() with { TrainBase = true, Prompts = Prompt("Describe it.") };
        settings = settings with { Training = settings.Training with { Epochs = 300, CheckpointInterval = 1000 } };
        var data = TinyModel.Data(model);
        using var task = TinyRun.Task(model, settings);

        var losses = Run(task, data, settings, "run");

        Assert.True(losses[0] > 5, $"{losses[0]}");
        Assert.True(losses[^1] < 0.1, $"{losses[^1]}");
        task.WriteModel(_folder.Path("out"));
        using var loaded = HSENetModel.Load(_folder.Path("out"), "cpu");
        foreach (var (input, item) in TinyModel.Studies())
        {
            var report = loaded.Generate(input, null, CancellationToken.None);
            Assert.Equal(FinishReason.Stop, report.FinishReason);
            Assert.Equal(ReportText.Clean(item.Findings!).Trim(), report.Findings);
        }
    }

    private string Prompt(string text)
    {
        File.WriteAllText(_folder.Path("prompt.txt"), text + "\n");
        return _folder.Path("prompt.txt");
    }

    private List<double> Run(FineTuneTask task, ITrainingData data, FineTuneSettings settings, string name)
    {
        var losses = new LossList();
        var loop = new TrainingLoop(
            task, new ReadAheadBatches(data, settings.Training), settings.Training, new SingleProcess(), new CheckpointStore(_folder.Path(name))) { Observers = [losses] };
        loop.Run(resume: false, CancellationToken.None);
        return losses.Losses;
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}
