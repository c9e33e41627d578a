using HSENet.Model.Configuration;
using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.FineTuning;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Tests.FineTuning;
using HSENet.Trainer.Tests.Pretraining;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Training;

/// <summary>Measuring on the way: when, what, and that the training does not notice.</summary>
[Collection(TrainingCollection.Name)]
public sealed class ValidationTests : IDisposable
{
    private readonly TempFolder _folder = new("validation");
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(0.04, 100, 4)]
    [InlineData(0.04, 175, 7)]
    [InlineData(0.04, 98_250, 3930)]
    [InlineData(0.04, 12, 1)]
    [InlineData(0.5, 5, 3)]
    [InlineData(1, 5, 5)]
    public void Interval_is_the_share_of_the_steps_rounded_up(double share, long steps, long interval) =>
        Assert.Equal(interval, new ValidationSettings { Share = share }.Validated().Interval(steps));

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        foreach (var bad in new ValidationSettings[] { new() { Share = 0 }, new() { Share = 1.5 }, new() { Share = double.NaN }, new() { Items = -1 } })
        {
            Assert.Equal("settings.range", Assert.Throws<TrainerException>(() => bad.Validated()).Code);
            Assert.Throws<TrainerException>(() => (TinyStages.Settings(1) with { Validation = bad }).Validated());
            Assert.Throws<TrainerException>(() => (TinyRun.Settings() with { Validation = bad }).Validated());
        }
    }

    [Fact]
    public void Every_item_counts_the_same_and_one_that_cannot_be_read_is_told_once()
    {
        var (task, told, lines) = (new CountingTask(), new List<(long Step, double Loss)>(), new List<string>());
        var set = new ValidationSet(task, LineTask.Data(7, 5), 4, new() { Share = 0.5 });
        var validation = new Validation(set, new(), CPU, (step, loss) => told.Add((step, loss)), lines.Add);
        for (var step = 1; step <= 5; step++)
        {
            validation.Step(new StepResult(0, step, 5, 1, new Dictionary<string, double>(), 0, 0, 4));
        }

        Assert.Equal(["case0 case1 case2 case3", "case4 case6", "case0 case1 case2 case3", "case4 case6"], task.Seen);
        Assert.Equal(new List<(long, double)> { (3, 20.0 / 6), (5, 20.0 / 6) }, told);   // each batch's loss is its size
        Assert.Equal(task.Drawn[..2], task.Drawn[2..]);
        Assert.Equal(3, lines.Count);
        Assert.StartsWith("left out of the validation: case5: ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["validation at step 3 of 5: loss 3.3333 of 6 items", "validation at step 5 of 5: loss 3.3333 of 6 items"], lines[1..]);
    }

    [Theory]
    [InlineData("slices")]
    [InlineData("text")]
    public void Stage_2_trains_the_same_bits_while_it_is_measured(string guide)
    {
        var teacher = TinyStages.Stage1(_folder.Path("teacher"));
        var settings = TinyStages.Settings(2) with { Guide = guide, LabelWeight = 0.5, Labels = ["upper", "odd"] };
        settings = settings with { Training = settings.Training with { Epochs = 3 } };
        (byte[] Weights, List<double> Losses, List<double> Measured) Train(string name, bool measures)
        {
            using var networks = ContrastiveNetworks.Stage2(ModelDirectory.Open(teacher), null, guide, 6);
            using var task = TinyStages.Task(networks, settings);
            using var log = new RunLog();
            var measured = new List<double>();
            var set = new ValidationSet(task, TinyStages.Data(5), 3, new() { Share = 0.1 });
            ITrainingObserver[] observers = measures ? [log, new Validation(set, settings.Training, CPU, (_, loss) => measured.Add(loss), _ => { })] : [log];
            Loop(task, TinyStages.Data(), settings.Training, name, observers);
            task.WriteModel(_folder.Path(name + "-model"));
            return (File.ReadAllBytes(_folder.Path(name + "-model", ContrastiveDirectory.WeightsFile)), [.. log.Losses], measured);
        }

        var (plain, measured) = (Train("plain", false), Train("measured", true));
        Assert.Equal(plain.Losses, measured.Losses);
        Assert.Equal(plain.Weights, measured.Weights);
        Assert.Equal(6, measured.Measured.Count);   // every second of 12 steps
        Assert.Equal(6, measured.Measured.Distinct().Count());
    }

    [Fact]
    public void Contrastive_stage_is_measured_without_dropout_by_its_contrastive_loss()
    {
        var settings = TinyStages.Settings(2) with { LabelWeight = 0.5, Labels = ["upper", "odd"] };
        using var networks = ContrastiveNetworks.Stage2(ModelDirectory.Open(TinyStages.Stage1(_folder.Path("teacher"))), null, "slices", 6);
        using var task = TinyStages.Task(networks, settings);
        TrainingCase[] batch = [.. Enumerable.Range(0, 6).Select(TinyStages.Case)];
        var measured = task.Validate(batch, new Random(1));
        Assert.True(networks.Student.training);
        Assert.All(task.Trained, item => Assert.Null(item.Value.grad));

        var values = new Dictionary<string, double>();
        networks.Student.eval();
        task.Loss(batch, new TrainingStep(0, 0, new Random(1)), values);
        Assert.Equal(values["contrastive"], measured);
    }

    [Fact]
    public void Fine_tuning_trains_the_same_while_it_is_measured_and_keeps_no_features_of_the_measured()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var settings = TinyRun.Settings();
        settings = settings with { Training = settings.Training with { Epochs = 3, Batch = 2 } };
        var cases = TinyModel.Data(model).Cases;
        (List<double> Losses, List<double> Measured, List<float[]> Values, int Kept) Train(string name, bool measures)
        {
            using var task = TinyRun.Task(model, settings);
            using var losses = new LossList();
            var measured = new List<double>();
            var set = new ValidationSet(task, new TinyData([.. cases.Skip(2)]), 2, new());
            ITrainingObserver[] observers = measures ? [losses, new Validation(set, settings.Training, CPU, (_, loss) => measured.Add(loss), _ => { })] : [losses];
            Loop(task, new TinyData([.. cases.Take(2)]), settings.Training, name, observers);
            return (losses.Losses, measured, [.. task.Trained.Select(item => item.Value.data<float>().ToArray())], task.StudiesKept);
        }

        var (plain, measured) = (Train("plain", false), Train("measured", true));
        Assert.Equal(plain.Losses, measured.Losses);
        Assert.Equal(plain.Values, measured.Values);
        Assert.Equal(2, measured.Kept);
        Assert.Equal(3, measured.Measured.Distinct().Count());

        var networks = FineTuneNetworks.Load(model, settings, CPU);   // the task owns them
        using var fresh = new FineTuneTask(networks, settings, CPU);
        var value = fresh.Validate(cases, new Random(1));
        networks.Train(false);
        using var quiet = no_grad();
        Assert.Equal(fresh.Loss(cases, TinyRun.Step(), new Dictionary<string, double>()).ToDouble(), value, 1e-6);
    }

    [Fact]
    public void Items_are_the_first_samples()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var all = new FineTuneSamples(TinyModel.Data(model), FineTuneTaskKind.Vqa);
        var some = new FineTuneSamples(TinyModel.Data(model), FineTuneTaskKind.Vqa, 3);
        Assert.Equal((3, true), (some.Count, all.Count > 3));
        Assert.Equal(Enumerable.Range(0, 3).Select(i => all.Item(i).Questions[0]), Enumerable.Range(0, 3).Select(i => some.Item(i).Questions[0]));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private void Loop(ITrainingTask task, ITrainingData data, TrainingSettings settings, string name, IReadOnlyList<ITrainingObserver> observers) =>
        new TrainingLoop(task, new BatchLoader(data, new() { Batch = settings.Batch, Seed = settings.Seed, Workers = 1 }), settings, new SingleProcess(), new CheckpointStore(_folder.Path(name)))
        {
            Observers = observers,
        }.Run(resume: false, CancellationToken.None);

    private sealed class CountingTask : IValidatedTask
    {
        public List<string> Seen { get; } = [];

        public List<int> Drawn { get; } = [];

        public IReadOnlyList<(string Name, Parameter Value)> Trained => [];

        public double Validate(IReadOnlyList<TrainingCase> batch, Random random)
        {
            Seen.Add(string.Join(' ', batch.Select(item => item.Item.Id)));
            Drawn.Add(random.Next());
            return batch.Count;
        }

        public Tensor Loss(IReadOnlyList<TrainingCase> batch, TrainingStep step, IDictionary<string, double> values) => throw new NotSupportedException();

        public void WriteModel(string directory) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
