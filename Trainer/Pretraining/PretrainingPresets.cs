using HSENet.Model.Configuration;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Pretraining;

/// <summary>Named settings of the contrastive stages: the reference's (hsenet.md 1 and 4.2), and small ones for phantoms.</summary>
internal static class PretrainingPresets
{
    private static readonly ModelConfiguration s_full = new()
    {
        Name = "HSENet", Version = "0.1.0", Purpose = Purposes.Research,
        Vision = new() { Image = [32, 256, 256], Patch = [4, 16, 16], Hidden = 768, Layers = 12, Heads = 12, Mlp = 3072 },
        Slices = new() { Count = 32, Width = 768 },
        Text = new() { Vocab = 30522, Hidden = 768, Layers = 12, Heads = 12, Intermediate = 3072, Positions = 512 },
        Preprocessing = new()
        {
            Protocol = "ct-rate", Spacing = [1.5, 0.75, 0.75], VolumeWindow = [-1000, 200], SliceWindow = [-1000, 1000], SliceJpegQuality = 95, Axes = ["S", "R", "P"],
        },
    };

    private static readonly ModelConfiguration s_phantom = new()
    {
        Name = "HSENet for phantoms", Version = "0.1.0", Purpose = Purposes.Demonstration,
        Vision = new() { Image = [32, 64, 64], Patch = [4, 8, 8], Hidden = 64, Layers = 2, Heads = 4, Mlp = 128 },
        Slices = new() { Count = 32, Width = 64 },
        Text = new() { Vocab = 400, Hidden = 64, Layers = 2, Heads = 4, Intermediate = 128, Positions = 160 },
        Preprocessing = new()
        {
            Protocol = "ct-rate", Spacing = [10, 5.625, 5.625], VolumeWindow = [-1000, 200], SliceWindow = [-1000, 1000], Axes = ["S", "L", "P"], AxesVerified = true,
        },
    };

    private static readonly PretrainingSettings s_stage1 = new() { Stage = 1, Training = TrainingPresets.Contrastive, Model = s_full };

    private static readonly PretrainingSettings s_phantom1 = new()
    {
        Stage = 1,
        Training = TrainingPresets.Contrastive with { Epochs = 12, Batch = 32, LearningRate = 1e-3, WeightDecay = 0.05 },
        Model = s_phantom,
        Augmentation = AugmentationOptions.Phantom,
        LearnVocabulary = true,
        LabelWeight = 1,
    };

    private static readonly Dictionary<string, PretrainingSettings> s_presets = new(StringComparer.Ordinal)
    {
        ["stage1"] = s_stage1,
        ["stage2"] = s_stage1 with { Stage = 2 },
        ["phantom-stage1"] = s_phantom1,
        ["phantom-stage2"] = s_phantom1 with { Stage = 2, StartFromTeacher = true },
    };

    public static IReadOnlyCollection<string> Names => s_presets.Keys;

    /// <returns>Null: no preset of that name.</returns>
    public static PretrainingSettings? Find(string name) => s_presets.GetValueOrDefault(name);
}
