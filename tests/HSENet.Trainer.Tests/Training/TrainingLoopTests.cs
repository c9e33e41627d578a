using HSENet.TestKit;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Training;

[Collection(TrainingCollection.Name)]
public sealed class TrainingLoopTests : IDisposable
{
    private static readonly TrainingSettings s_settings = new()
    {
        Epochs = 3, Batch = 4, Accumulation = 2, LearningRate = 0.05, WarmupShare = 0.1, CheckpointInterval = 5, Device = "cpu", Workers = 2, Seed = 11,
    };

    private readonly TempFolder _folder = new("loop");

    [Fact]
    public void Stopped_and_resumed_run_ends_with_the_same_bits_as_one_that_was_not()
    {
        using var whole = new LineTask();
        using var all = new RunLog();
        Assert.True(Run(whole, "whole", all).Finished);

        foreach (var stopAfter in new[] { 1, 5, 7, 9 })   // within an epoch, on a checkpoint, within, on the end of an epoch
        {
            using var first = new LineTask();
            using var begun = new RunLog(stopAfter);
            Assert.Equal(new TrainingOutcome(stopAfter, 15, []).Step, Run(first, $"part{stopAfter}", begun).Step);
            using var second = new LineTask(seed: 99);   // its own start must not matter
            using var rest = new RunLog();
            Assert.True(Run(second, $"part{stopAfter}", rest, resume: true).Finished);

            Assert.Equal(all.Losses, begun.Losses.Concat(rest.Losses));
            Assert.Equal(all.Epochs.Select(epoch => epoch.Loss), begun.Epochs.Concat(rest.Epochs).Select(epoch => epoch.Loss));
            Assert.Equal(whole.Seen, first.Seen.Concat(second.Seen));
            Assert.Equivalent(whole.Values(), second.Values(), strict: true);
        }
    }

    [Fact]
    public void Studies_of_an_epoch_come_once_each_in_another_order_every_epoch_and_as_the_seed_says()
    {
        List<string> Seen(int seed)
        {
            using var task = new LineTask();
            using var log = new RunLog();
            Run(task, $"order{seed}", log, settings: s_settings with { Seed = seed });
            return task.Seen;
        }

        var seen = Seen(1);
        var epochs = seen.Chunk(10).Select(epoch => string.Join(' ', epoch).Split(' ')).ToList();
        Assert.Equal(3, epochs.Count);
        Assert.All(epochs, epoch => Assert.Equal(40, epoch.Distinct().Count()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Directory.Delete(_folder.Path("order1"), recursive: true);
        Assert.Equal(seen, Seen(1));
        Assert.NotEqual(seen, Seen(2));
    }

    [Fact]
    public void Accumulated_gradients_are_those_of_the_whole_batch()
    {
        Dictionary<string, float[]> Train(int batch, int accumulation)
        {
            using var task = new LineTask { Dropout = 0 };
            using var log = new RunLog(stopAfter: 4);
            var settings = s_settings with { Batch = batch, Accumulation = accumulation };
            Run(task, $"accumulation{accumulation}", log, settings: settings, data: new MemoryData(40, LineTask.Data(40).Load));
            return task.Values();
        }

        // the draw of a pass moves the input a little: keep it out by comparing within its size
        var (whole, parts) = (Train(8, 1), Train(4, 2));
        Assert.All(whole, item => Assert.All(item.Value.Zip(parts[item.Key]), pair => Assert.Equal(pair.First, pair.Second, 2e-3)));
    }

    [Fact]
    public void Item_that_cannot_be_read_is_left_out_told_once_and_replaced_by_none()
    {
        using var task = new LineTask();
        using var log = new RunLog();
        var outcome = Run(task, "bad", log, data: LineTask.Data(40, 3, 17));
        Assert.Equal(["case17", "case3"], log.Bad.Select(item => item.Name).Order());
        Assert.Equal(2, outcome.LeftOut.Count);
        Assert.Equal("data.volume", outcome.LeftOut[0].Code);
        Assert.Equal(3 * 38, log.Steps.Sum(step => step.Cases));
        Assert.All(task.Seen, pass => Assert.DoesNotContain("case17", pass.Split(' ')));
    }

    [Fact]
    public void Loss_that_is_not_a_number_ends_the_run_names_the_items_and_leaves_the_checkpoint_before_it()
    {
        using var task = new LineTask { Factor = step => step == 7 ? double.NaN : 1 };
        using var log = new RunLog();
        var fault = Assert.Throws<TrainerException>(() => Run(task, "nan", log));
        Assert.Equal("training.not-finite", fault.Code);
        Assert.All(task.Seen[^1].Split(' '), id => Assert.Contains(id, fault.Message, StringComparison.Ordinal));
        Assert.Equal([5], new CheckpointStore(_folder.Path("nan")).Steps);
    }

    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        using var task = new LineTask();
        var counts = new List<long>();
        GC.Collect(); // what other tests dropped is gone before the first count, not between two
        GC.WaitForPendingFinalizers();
        using var log = new RunLog { OnStep = _ => counts.Add(Tensor.TotalCount) };
        Run(task, "leak", log, settings: s_settings with { Epochs = 10, CheckpointInterval = 1000 });
        Assert.Equal(50, counts.Count);
        Assert.All(counts.Skip(1), count => Assert.Equal(counts[0], count));
    }

    [Fact]
    public void Too_few_studies_for_a_step_are_refused()
    {
        using var task = new LineTask();
        using var log = new RunLog();
        Assert.Equal("training.too-few", Assert.Throws<TrainerException>(() => Run(task, "few", log, data: LineTask.Data(7))).Code);
    }

    [Fact]
    public void Rate_and_length_of_the_gradient_are_told_and_the_gradient_is_clipped()
    {
        using var task = new LineTask();
        using var log = new RunLog();
        Run(task, "rate", log, settings: s_settings with { LearningRate = 0.05 });
        Assert.Equal(0, log.Steps[0].LearningRate);
        Assert.Equal(0.05, log.Steps.Max(step => step.LearningRate), 1e-12);
        Assert.Contains(log.Steps, step => step.GradientNorm > 1);
        using var gradient = tensor(new float[] { 3, 4 });
        Assert.Equal(5, GradientClip.Apply([gradient], 1), 1e-6);
        Assert.Equal([0.6f, 0.8f], gradient.data<float>().ToArray().Select(value => MathF.Round(value, 5)));
        Assert.Equal(1, GradientClip.Apply([gradient], 0), 1e-5);
    }

    public void Dispose() => _folder.Dispose();

    private TrainingOutcome Run(LineTask task, string folder, RunLog log, bool resume = false, TrainingSettings? settings = null, MemoryData? data = null)
    {
        settings ??= s_settings;
        return new TrainingLoop(task, new BatchLoader(data ?? LineTask.Data(40), new() { Batch = settings.Batch, Seed = settings.Seed }), settings, new SingleProcess(), new CheckpointStore(_folder.Path(folder)))
        {
            Observers = [log],
        }.Run(resume, log.Stop);
    }
}
