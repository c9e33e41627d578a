using System.Globalization;
using System.Text.Json;
using HSENet.Model.Configuration;
using HSENet.TestKit;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.Pretraining;
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
            using var group = ProcessGroups.Join();
            Train(group, shared, steps: 6, resume: false);
            File.WriteAllText(Path.Combine(shared, $"mpi-{group.Rank}"), $"{group.LocalRank} {((MpiGroup)group).IsCudaAware}");
            group.Leave();
            return;
        }

        TinyStages.Stage1(_folder.Path("teacher"));
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
        foreach (var rank in new[] { 0, 1 })
        {
            var part = JsonSerializer.Deserialize<Outcome>(File.ReadAllText(_folder.Path($"rank-{rank}.json")))!;
            Assert.All(whole.Losses.Zip(part.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            Assert.All(whole.GradientNorms.Zip(part.GradientNorms), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * pair.First));
            Assert.Equal(whole.Weights.Keys, part.Weights.Keys);
            Assert.All(whole.Weights, item => Assert.All(item.Value.Zip(part.Weights[item.Key]), pair => Assert.Equal(pair.First, pair.Second, 2e-4f)));
            Assert.Equal($"{rank} False", File.ReadAllText(_folder.Path($"mpi-{rank}")));   // Debian's Open MPI is built without CUDA
        }

        // a checkpoint of two processes goes on in one
        var resumed = Train(one, _folder.Root, steps: 8, resume: true, teacher: _folder.Path("teacher"));
        var longer = Train(one, _folder.Path("longer"), steps: 8, resume: false, teacher: _folder.Path("teacher"));
        Assert.Equal(2, resumed.Losses.Length);
        Assert.All(longer.Losses[6..].Zip(resumed.Losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Theory]
    [InlineData("auto", 0, 2, "cuda:0")]
    [InlineData("auto", 1, 2, "cuda:1")]
    [InlineData("cuda", 3, 2, "cuda:1")]
    [InlineData("auto", 1, 0, "auto")]
    [InlineData("cuda:0", 1, 2, "cuda:0")]
    [InlineData("cpu", 1, 2, "cpu")]
    public void The_processes_of_a_machine_take_its_gpus_in_turn(string setting, int localRank, int gpus, string device) =>
        Assert.Equal(device, RankDevice.Name(setting, localRank, gpus));

    public void Dispose() => _folder.Dispose();

    /// <summary>Stage 2 with everything that crosses processes: gathered features, teacher, label loss, averaged gradients.</summary>
    private static Outcome Train(IProcessGroup group, string folder, int steps, bool resume, string? teacher = null)
    {
        var settings = TinyStages.Settings(2) with { LabelWeight = 0.5, Labels = ["upper"] };
        var networks = ContrastiveNetworks.Stage2(ModelDirectory.Open(teacher ?? Path.Combine(folder, "teacher")), null, "slices", 6);
        using var task = new ContrastiveTask(networks, settings, new ContrastiveTexts(TinyStages.Tokenizer(), settings.Text, settings.TextTokens), group.Features, CPU);
        networks.Student.eval();
        using var log = new RunLog(resume ? steps - 6 : steps);
        var batches = new BatchLoader(TinyStages.Data(), new() { Batch = settings.Training.Batch, Seed = settings.Training.Seed, Rank = group.Rank, Ranks = group.Count });
        new TrainingLoop(task, batches, settings.Training, group, new CheckpointStore(Path.Combine(folder, "checkpoints"))) { Observers = [log] }.Run(resume, log.Stop);
        var outcome = new Outcome(
            [.. log.Steps.Select(step => step.Parts["contrastive"])], [.. log.Steps.Select(step => step.GradientNorm)], task.Trained.ToDictionary(item => item.Name, item => item.Value.data<float>().ToArray()));
        File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rank-{group.Rank}.json")), JsonSerializer.Serialize(outcome));
        return outcome;
    }

    private sealed record Outcome(double[] Losses, double[] GradientNorms, Dictionary<string, float[]> Weights);
}
