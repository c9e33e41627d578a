using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Contrastive;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Pretraining;

[Collection(TrainingCollection.Name)]
public sealed class StageTests : IDisposable
{
    private readonly TempFolder _folder = new("stages");

    [Fact]
    public void Stage_1_learns_which_text_belongs_to_which_volume_and_encode_loads_what_it_writes()
    {
        var settings = TinyStages.Settings(1);
        var networks = ContrastiveNetworks.Stage1(TinyStages.Sizes, 5);
        using var task = TinyStages.Task(networks, settings);
        using var log = new RunLog();
        Assert.True(TinyStages.Run(task, settings, _folder.Path("checkpoints"), log).Finished);
        Assert.True(log.Epochs[^1].Loss < 0.75 * log.Epochs[0].Loss, $"{log.Epochs[0].Loss} -> {log.Epochs[^1].Loss}");

        task.WriteModel(_folder.Path("model"));
        File.WriteAllText(_folder.Path("model", TinyStages.Vocabulary), "x");
        var features = Encode("model", "image_embedding_stage1");
        Assert.Equal(["global_tokens", "image_embedding_stage1"], Names());
        var expected = Image(networks.Student);
        Assert.All(expected.Zip(features), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Stage_2_keeps_its_teacher_as_it_was_learns_and_writes_both_stages()
    {
        var settings = TinyStages.Settings(2) with { ConsistencySchedule = ConsistencySchedule.Constant };
        var teacher = ModelDirectory.Open(TinyStages.Stage1(_folder.Path("teacher"), steps: null));
        using var networks = ContrastiveNetworks.Stage2(teacher, null, "slices", 6);
        StartWeights.Start(networks.Student, teacher, 2);
        using var task = TinyStages.Task(networks, settings);
        using var log = new RunLog();
        TinyStages.Run(task, settings, _folder.Path("checkpoints"), log);
        Assert.True(log.Epochs[^1].Parts["contrastive"] < 0.75 * Math.Log(8), $"{log.Epochs[0].Parts["contrastive"]} -> {log.Epochs[^1].Parts["contrastive"]}");
        Assert.InRange(log.Epochs[^1].Parts["consistency"], 0, 2);   // 3.8 from a random start, which does not get near the teacher
        Assert.All(log.Steps, step => Assert.Equal(step.Parts["contrastive"] + (0.1 * step.Parts["consistency"]), step.Loss, 1e-5));
        Assert.DoesNotContain(task.Trained, item => item.Name.StartsWith("stage1", StringComparison.Ordinal));

        task.WriteModel(_folder.Path("model"));
        using var before = SafeTensorsFile.Open(_folder.Path("teacher", ContrastiveDirectory.WeightsFile));
        using var after = SafeTensorsFile.Open(_folder.Path("model", ContrastiveDirectory.WeightsFile));
        using var scope = NewDisposeScope();
        Assert.All(before.Entries, entry => Assert.True(before.Read(entry.Name).equal(after.Read(PublishedShapes.Stage1Prefix + entry.Name)).all().ToBoolean(), entry.Name));
        Assert.Equal(["vocab.txt"], ModelDirectory.Open(_folder.Path("model")).Configuration.Text!.Files);
        Encode("model", "image_embedding_stage2");
        Assert.Equal(["global_tokens", "image_embedding_stage1", "image_embedding_stage2", "local_tokens", "patch_scores"], Names());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("text-cls")]
    [InlineData("text")]
    public void Every_guide_trains_and_is_written(string guide)
    {
        var settings = TinyStages.Settings(2);
        using var networks = ContrastiveNetworks.Stage2(ModelDirectory.Open(TinyStages.Stage1(_folder.Path("teacher"))), null, guide, 6);
        using var task = TinyStages.Task(networks, settings with { Guide = guide });
        using var log = new RunLog(4);
        TinyStages.Run(task, settings, _folder.Path("checkpoints"), log);
        Assert.All(log.Steps, step => Assert.True(double.IsFinite(step.Loss)));
        task.WriteModel(_folder.Path("model"));
        Assert.Equal(guide, ModelDirectory.Open(_folder.Path("model")).Configuration.Vision!.Guide);
    }

    [Fact]
    public void Stopped_and_resumed_stage_2_ends_with_the_same_bits()
    {
        var settings = TinyStages.Settings(2) with { LabelWeight = 0.5, Labels = ["upper", "odd"] };
        var teacher = TinyStages.Stage1(_folder.Path("teacher"));
        (double[] Losses, byte[] Weights) Train(string name, params int?[] stops)
        {
            var losses = new List<double>();
            foreach (var stop in stops)
            {
                using var task = TinyStages.Task(ContrastiveNetworks.Stage2(ModelDirectory.Open(teacher), null, "slices", 6), settings);
                using var log = new RunLog(stop);
                TinyStages.Run(task, settings with { Training = settings.Training with { Epochs = 3 } }, _folder.Path(name), log, resume: true);
                losses.AddRange(log.Losses);
                task.WriteModel(_folder.Path(name + "-model"));
            }

            return ([.. losses], File.ReadAllBytes(_folder.Path(name + "-model", ContrastiveDirectory.WeightsFile)));
        }

        var (whole, parts) = (Train("whole", (int?)null), Train("parts", 5, 3, null));
        Assert.Equal(12, whole.Losses.Length);
        Assert.Equal(whole.Losses, parts.Losses);
        Assert.Equal(whole.Weights, parts.Weights);
    }

    [Fact]
    public void Labels_are_learned_beside_when_they_have_a_weight_and_their_layer_is_not_written()
    {
        var settings = TinyStages.Settings(1) with { LabelWeight = 1, Labels = ["upper", "odd"] };
        using var task = TinyStages.Task(ContrastiveNetworks.Stage1(TinyStages.Sizes, 5), settings);
        using var log = new RunLog();
        TinyStages.Run(task, settings, _folder.Path("checkpoints"), log);
        Assert.True(log.Epochs[^1].Parts["labels"] < 0.5 * log.Epochs[0].Parts["labels"]);
        Assert.Contains(task.Trained, item => item.Name == "label_layer.weight");
        task.WriteModel(_folder.Path("model"));
        using var file = SafeTensorsFile.Open(_folder.Path("model", ContrastiveDirectory.WeightsFile));
        Assert.DoesNotContain(file.Entries, entry => entry.Name.Contains("label", StringComparison.Ordinal));
    }

    [Fact]
    public void Start_weights_are_taken_part_by_part()
    {
        var first = TinyStages.Stage1(_folder.Path("first"), steps: 3);
        using var networks = ContrastiveNetworks.Stage2(ModelDirectory.Open(first), null, "slices", 6);
        var scores = networks.Student.state_dict()["vision_encoder.patch_score_proj.weight"].clone();
        var taken = StartWeights.Start(networks.Student, ModelDirectory.Open(first), 2);
        Assert.Equal(["text encoder", "tower", "heads and scale"], taken.Select(line => line.Split(':')[0]));
        using var file = SafeTensorsFile.Open(_folder.Path("first", ContrastiveDirectory.WeightsFile));
        using var scope = NewDisposeScope();
        Assert.All(file.Entries, entry => Assert.True(file.Read(entry.Name).equal(networks.Student.state_dict()[entry.Name]).all().ToBoolean(), entry.Name));
        Assert.True(scores.equal(networks.Student.state_dict()["vision_encoder.patch_score_proj.weight"]).all().ToBoolean());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The features of the first study by the network in memory.</summary>
    private static float[] Image(ClipModel model)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return VisionTokens.Cls(model.EncodeImage(tensor(TinyStages.Case(0).Volume).reshape(1, 1, 8, 16, 16)).Tokens).data<float>().ToArray();
    }

    private float[] Encode(string model, string output)
    {
        using var scope = NewDisposeScope();
        var study = TinyStages.Case(0);
        SafeTensorsWriter.Write(_folder.Path("in"),
        [
            KeyValuePair.Create("volume", tensor(study.Volume).reshape(1, 1, 8, 16, 16)), KeyValuePair.Create("slice_features", tensor(study.SliceFeatures!).reshape(1, 4, 16)),
        ]);
        TrainerRun.Of("encode", "--model", _folder.Path(model), "--input", _folder.Path("in"), "--out", _folder.Path("out")).Done();
        using var results = SafeTensorsFile.Open(_folder.Path("out"));
        return results.Read(output).data<float>().ToArray();
    }

    private IEnumerable<string> Names()
    {
        using var results = SafeTensorsFile.Open(_folder.Path("out"));
        return [.. results.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal)];
    }
}
