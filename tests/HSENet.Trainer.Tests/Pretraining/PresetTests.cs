using System.Text.Json;
using HSENet.TestKit;
using HSENet.Trainer.Contrastive;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Tests.Pretraining;

public sealed class PresetTests : IDisposable
{
    private readonly TempFolder _folder = new("presets");

    [Fact]
    public void Presets_have_the_reference_s_numbers()
    {
        foreach (var stage in new[] { 1, 2 })
        {
            var preset = PretrainingPresets.Find($"stage{stage}")!.Validated();
            Assert.Equal(stage, preset.Stage);
            Assert.Equal((50, 24, 1, 1e-4, 0.1, 0.03, 1.0, 42), Numbers(preset.Training));
            Assert.Equal((0.9, 0.999, 1e-8), (preset.Training.Beta1, preset.Training.Beta2, preset.Training.Epsilon));
            Assert.Equal((512, 0.0, "slices"), (preset.TextTokens, preset.LabelWeight, preset.Guide));
            Assert.Equal((ConsistencyForm.FullMatrix, ConsistencySchedule.Decay), (preset.ConsistencyForm, preset.ConsistencySchedule));
            Assert.Equal((0.04, 512), (preset.Validation.Share, preset.Validation.Items));
            var changes = preset.Augmentation;   // hsenet.md 3.6
            Assert.Equal((0.5, 0.1, 0.1, 0.1), (changes.Rotate, changes.FlipDepth, changes.FlipAxis1, changes.FlipAxis2));
            Assert.Equal((0.5, 0.1, 0.5, 0.1), (changes.Scale, changes.ScaleRange, changes.Shift, changes.ShiftRange));
            Assert.Equal((false, (0, 0, 0), 0f), (changes.KeepSides, changes.MoveVoxels, changes.NoiseDeviation));
            Assert.Equal(Model.Vision.Vit3DConfig.Full, preset.Model!.Vision!.ToConfig());
            Assert.Equal(Model.Contrastive.TextEncoderConfig.Full, preset.Model.Text!.ToConfig());
        }

        Assert.Equal((6, 16, 1, 1e-4, 0.0, 0.03, 1.0, 42), Numbers(TrainingPresets.Reports));
        Assert.Equal((4, 40, 1, 5e-5, 0.0, 0.03, 1.0, 42), Numbers(TrainingPresets.Questions));
    }

    [Theory]
    [InlineData("stage1")]
    [InlineData("stage2")]
    [InlineData("phantom-stage1")]
    [InlineData("phantom-stage2")]
    public void Preset_survives_the_way_through_a_file(string name)
    {
        var preset = PretrainingPresets.Find(name)!;
        var json = JsonSerializer.Serialize(preset, SettingsFile.Json);
        File.WriteAllText(_folder.Path("all.json"), json);
        Assert.Equal(json, JsonSerializer.Serialize(SettingsFile.Over(PretrainingPresets.Find("stage1")!, _folder.Path("all.json")), SettingsFile.Json));
    }

    [Fact]
    public void File_changes_what_it_names_and_nothing_else()
    {
        File.WriteAllText(
            _folder.Path("some.json"),
            """{ "training": { "epochs": 3 }, "consistencySchedule": "off", "augmentation": { "moveVoxels": [1, 2, 3] }, "model": { "vision": { "layers": 4 } } }""");
        var preset = PretrainingPresets.Find("stage2")!;
        var settings = SettingsFile.Over(preset, _folder.Path("some.json"));
        Assert.Equal(preset.Training with { Epochs = 3 }, settings.Training);
        Assert.Equal(ConsistencySchedule.Off, settings.ConsistencySchedule);
        Assert.Equal((1, 2, 3), settings.Augmentation.MoveVoxels);
        Assert.Equal((4, 12), (settings.Model!.Vision!.Layers, settings.Model.Vision.Heads));
        Assert.Same(preset, SettingsFile.Over(preset, null));
    }

    [Theory]
    [InlineData("""{ "training": { "epoch": 3 } }""", "settings.file", "epoch")]
    [InlineData("""{ "training": { "epochs": "many" } }""", "settings.file", "epochs")]
    [InlineData("""{ "training": { "batch": 0 } }""", "settings.range", "training.batch")]
    [InlineData("""{ "training": { "precision": "fp8" } }""", "settings.range", "fp8")]
    [InlineData("""{ "guide": "nothing" }""", "settings.range", "nothing")]
    [InlineData("{", "settings.file", "some.json")]
    public void Fault_is_named(string json, string code, string name)
    {
        File.WriteAllText(_folder.Path("some.json"), json);
        var fault = Assert.Throws<TrainerException>(() => SettingsFile.Over(PretrainingPresets.Find("stage1")!, _folder.Path("some.json")).Validated());
        Assert.Equal(code, fault.Code);
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (int Epochs, int Batch, int Accumulation, double Rate, double Decay, double Warmup, double Clip, int Seed) Numbers(TrainingSettings settings) => (
        settings.Epochs, settings.Batch, settings.Accumulation, settings.LearningRate, settings.WeightDecay, settings.WarmupShare, settings.ClipNorm, settings.Seed);
}
