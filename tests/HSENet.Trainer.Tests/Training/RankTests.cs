using System.Globalization;
using System.Text.Json;
using HSENet.Model.Configuration;
using HSENet.TestKit;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.FineTuning;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Tests.FineTuning;
using HSENet.Trainer.Tests.Pretraining;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Training;

/// <summary>
/// Two processes with half of each batch against one with the whole. The test starts itself once more under mpirun; there it only trains and writes
/// down what came out. Dropout is off: its draws belong to a process.
/// </summary>
[Collection(TrainingCollection.Name)]
public sealed class RankTests : IDisposable
{
    private const string OutVariable = "HSENET_TEST_RANKS_OUT";

    private readonly TempFolder _folder = new("ranks");

    [Fact]
    public async Task Two_processes_train_as_one_with_the_whole_batch()
    {
        if (Environment.GetEnvironmentVariable(OutVariable) is { } shared)
        {
            using var group = ProcessGroups.Join("auto");
            Train(group, shared, steps: 6, resume: false);
            Tune(group, shared);
            File.WriteAllText(Path.Combine(shared, $"bad-{group.Rank}"), TrainWithABadItem(group, shared));
            File.WriteAllText(Path.Combine(shared, $"mpi-{group.Rank}"), $"{((MpiGroup)group).IsCudaAware}");
            group.Leave();
            return;
        }

        TinyStages.Stage1(_folder.Path("teacher"));
        TinyModel.Write(_folder.Path("tiny"));
        await using var ranks = ChildProcess.Start(
            Requirement.Tool("mpirun"),
            ["-n", "2", "--oversubscribe", "dotnet", typeof(RankTests).Assembly.Location, "-method", $"*{nameof(Two_processes_train_as_one_with_the_whole_batch)}"],
            new Dictionary<string, string?>
            {
                [OutVariable] = _folder.Root, ["OMPI_ALLOW_RUN_AS_ROOT"] = "1", ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1", ["OMP_NUM_THREADS"] = "1", ["TERM"] = "dumb",
            });
        Assert.True(await ranks.WaitForExitAsync(TimeSpan.FromMinutes(5)) == 0, ranks.Tail());

        using var one = new SingleProcess();
        Directory.CreateDirectory(_folder.Path("one"));
        var whole = Train(one, _folder.Path("one"), steps: 6, resume: false, teacher: _folder.Path("teacher"));
        var tuned = Tune(one, _folder.Path("one"), _folder.Path("tiny"));
        foreach (var rank in new[] { 0, 1 })
        {
            var tunedPart = JsonSerializer.Deserialize<double[]>(File.ReadAllText(_folder.Path($"tuned-{rank}.json")))!;
            Assert.Equal(4, tunedPart.Length);
            Assert.All(tuned.Zip(tunedPart), pair => Assert.Equal(pair.First, pair.Second, 1e-4));

            // the study that one of them could not read is missing in the other's share too: 3 + 3 instead of 4 + 4
            Assert.Equal([3, 4, 4, 4], File.ReadAllText(_folder.Path($"bad-{rank}")).Split(' ').Select(int.Parse).Order());

            var part = JsonSerializer.Deserialize<Outcome>(File.ReadAllText(_folder.Path($"rank-{rank}.json")))!;
            Assert.All(whole.Losses.Zip(part.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.All(whole.Consistencies.Zip(part.Consistencies), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.All(whole.GradientNorms.Zip(part.GradientNorms), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * pair.First));
            Assert.Equal(whole.Weights.Keys, part.Weights.Keys);
            Assert.All(whole.Weights, item => Assert.All(item.Value.Zip(part.Weights[item.Key]), pair => Assert.Equal(pair.First, pair.Second, 2e-4f)));
            Assert.Equal("False", File.ReadAllText(_folder.Path($"mpi-{rank}")));   // Debian's Open MPI is built without CUDA
        }

        // a checkpoint of two processes goes on in one
        var resumed = Train(one, _folder.Root, steps: 8, resume: true, teacher: _folder.Path("teacher"));
        var longer = Train(one, _folder.Path("longer"), steps: 8, resume: false, teacher: _folder.Path("teacher"));
        Assert.Equal(2, resumed.Losses.Length);
        Assert.All(longer.Losses[6..].Zip(resumed.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Theory]
    [InlineData(null, 2, 0, "0")]
    [InlineData(null, 2, 1, "1")]
    [InlineData(null, 2, 3, "1")]
    [InlineData("4, 6,7", 8, 1, "6")]
    [InlineData("5", 8, 1, null)]
    [InlineData("", 8, 1, null)]
    [InlineData(null, 1, 1, null)]
    [InlineData(null, 0, 1, null)]
    public void The_processes_of_a_machine_take_its_gpus_in_turn(string? visible, int gpus, int localRank, string? own) =>
        Assert.Equal(own, VisibleGpu.Of(visible, gpus, localRank));

    public void Dispose() => _folder.Dispose();

    /// <summary>Stage 2 with everything that crosses processes: gathered features, teacher, label loss, averaged gradients.</summary>
    private static Outcome Train(IProcessGroup group, string folder, int steps, bool resume, string? teacher = null)
    {
        var settings = TinyStages.Settings(2) with { LabelWeight = 0.5, Labels = ["upper", "odd"] };
        var networks = ContrastiveNetworks.Stage2(ModelDirectory.Open(teacher ?? Path.Combine(folder, "teacher")), null, "slices", 6);
        using var task = new ContrastiveTask(networks, settings, new ContrastiveTexts(TinyStages.Tokenizer(), settings.Text, settings.TextTokens), group, CPU);
        networks.Student.eval();
        using var log = new RunLog(resume ? steps - 6 : steps);
        var batches = new BatchLoader(TinyStages.Data(), new() { Batch = settings.Training.Batch, Seed = settings.Training.Seed, Rank = group.Rank, Ranks = group.Count });
        new TrainingLoop(task, batches, settings.Training, group, new CheckpointStore(Path.Combine(folder, "checkpoints"))) { Observers = [log] }.Run(resume, log.Stop);
        var outcome = new Outcome(
            [.. log.Steps.Select(step => step.Loss)], [.. log.Steps.Select(step => step.Parts["consistency"])], [.. log.Steps.Select(step => step.GradientNorm)], task.Trained.ToDictionary(item => item.Name, item => item.Value.data<float>().ToArray()));
        File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rank-{group.Rank}.json")), JsonSerializer.Serialize(outcome));
        return outcome;
    }

    /// <summary>Reports of different lengths, one prompt: every token weighs the same, whichever process has it.</summary>
    private static double[] Tune(IProcessGroup group, string folder, string? model = null)
    {
        var source = ModelDirectory.Open(model ?? Path.Combine(folder, "tiny"));
        var prompts = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"prompts-{group.Rank}.txt"));
        File.WriteAllText(prompts, "Describe it.");
        var settings = TinyRun.Settings() with { Prompts = prompts };
        settings = settings with { Training = settings.Training with { Epochs = 4 } };
        var networks = FineTuneNetworks.Load(source, settings, CPU);
        networks.Train(false);
        using var task = new FineTuneTask(networks, settings, CPU, null, group);
        using var log = new RunLog();
        var batches = new BatchLoader(
            new FineTuneSamples(TinyModel.Data(source), settings.Task), new() { Batch = 4, Seed = 1, Workers = 1, Rank = group.Rank, Ranks = group.Count });
        new TrainingLoop(task, batches, settings.Training, group, new CheckpointStore(Path.Combine(folder, "tuned"))) { Observers = [log] }.Run(resume: false, log.Stop);
        double[] losses = [.. log.Steps.Select(step => step.Loss)];
        File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"tuned-{group.Rank}.json")), JsonSerializer.Serialize(losses));
        return losses;
    }

    /// <returns>Studies of each step</returns>
    private static string TrainWithABadItem(IProcessGroup group, string folder)
    {
        var settings = TinyStages.Settings(1);
        using var task = TinyStages.Task(ContrastiveNetworks.Stage1(TinyStages.Sizes, 5), settings, group);
        using var log = new RunLog();
        var batches = new BatchLoader(
            new MemoryData(32, TinyStages.Case, bad: 9), new() { Batch = settings.Training.Batch, Seed = 5, Rank = group.Rank, Ranks = group.Count });
        new TrainingLoop(task, batches, settings.Training with { Epochs = 1 }, group, new CheckpointStore(Path.Combine(folder, "bad"))) { Observers = [log] }.Run(resume: false, log.Stop);
        return string.Join(' ', log.Steps.Select(step => step.Cases));
    }

    private sealed record Outcome(double[] Losses, double[] Consistencies, double[] GradientNorms, Dictionary<string, float[]> Weights);
}
