using HSENet.Model.Contrastive;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Tests.Training;
using HSENet.Trainer.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Pretraining;

/// <summary>Losses and gradients of both stages against <c>clip_small</c>: the reference's own models, without dropout.</summary>
[Collection(TrainingCollection.Name)]
public sealed class GoldenStageTests : IDisposable
{
    private const double Tolerance = 2e-5;

    private readonly SafeTensorsFile _file = SafeTensorsFile.Open(GoldenText.PathOf("clip_small.safetensors"));
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Stage_1_loss_is_the_reference_s()
    {
        using var task = Task(stage: 1);
        Assert.Equal(Read("out/stage1_loss").ToSingle(), Loss(task, 0).ToSingle(), Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1250)]
    [InlineData(4999)]
    [InlineData(5000)]
    public void Stage_2_loss_at_a_step_is_the_reference_s(int step)
    {
        using var task = Task(stage: 2);
        Assert.Equal(Read($"out/stage2_loss_step_{step}").ToSingle(), Loss(task, step).ToSingle(), Tolerance);
    }

    [Fact]
    public void Gradients_of_stage_2_are_the_reference_s_and_reach_no_weight_of_the_teacher()
    {
        using var task = Task(stage: 2, out var networks);
        Loss(task, 0).backward();
        var gradients = task.Trained.ToDictionary(item => item.Name, item => item.Value.grad);
        foreach (var (name, golden) in new[]
        {
            ("logit_scale", "logit_scale"), ("vision_encoder.patch_score_proj.weight", "patch_score_proj_weight"),
            ("vision_encoder.slice_guided_attention.Wk.weight", "Wk_weight"), ("vision_encoder.patch_embedding.patch_embeddings.1.weight", "patch_embedding_weight"),
        })
        {
            var expected = Read("out/stage2_grad_" + golden);
            Assert.InRange((expected - gradients[name]!.reshape(expected.shape)).abs().max().ToDouble(), 0, Tolerance);
        }

        Assert.All(networks.Teacher!.parameters(), parameter => Assert.False(parameter.requires_grad));
        Assert.All(networks.Teacher!.parameters(), parameter => Assert.Null(parameter.grad));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _file.Dispose();
    }

    private ContrastiveTask Task(int stage) => Task(stage, out _);

    private ContrastiveTask Task(int stage, out ContrastiveNetworks networks)
    {
        var sizes = TinyStages.Sizes with
        {
            Vision = new() { Image = [8, 16, 48], Patch = [2, 4, 8], Hidden = 48, Layers = 2, Heads = 4, Mlp = 96 },
            Slices = new() { Count = 32, Width = 48 },
            Text = new() { Vocab = 40, Hidden = 48, Layers = 2, Heads = 4, Intermediate = 64, Positions = 24 },
        };
        using var folder = new TempFolder("golden");
        var first = ContrastiveNetworks.Stage1(sizes, 1);
        Fill(first.Student, "stage1/");
        networks = first;
        if (stage == 2)
        {
            ContrastiveDirectory.Write(folder.Root, first);
            networks = ContrastiveNetworks.Stage2(Model.Configuration.ModelDirectory.Open(folder.Root), null, "slices", 1);
            Fill(networks.Student, "stage2/");
            first.Dispose();
        }

        var task = TinyStages.Task(networks, TinyStages.Settings(stage));
        networks.Student.eval();   // the reference's numbers are without dropout
        return task;
    }

    private static void Fill(ClipModel model, string prefix) => WeightLoader.Load(
        [new WeightPart("golden", [new WeightFile(GoldenText.PathOf("clip_small.safetensors"), prefix)], model.state_dict()) { Ignore = ClipNames.IsUnused }]);

    private Tensor Loss(ContrastiveTask task, int step) => task.Loss(
        new ContrastiveInputs(Read("in/image"), Read("in/image_2d").reshape(3, -1), Read("in/input_ids"), Read("in/attention_mask")), [],
        new TrainingStep(0, step, new Random(1)), new Dictionary<string, double>());

    private Tensor Read(string name) => _file.Read(name);
}
