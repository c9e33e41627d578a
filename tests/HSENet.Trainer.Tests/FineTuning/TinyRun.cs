using HSENet.Model.Configuration;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.FineTuning;
using HSENet.Trainer.Training;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.FineTuning;

/// <summary>Settings of a short run on <see cref="TinyModel"/>.</summary>
internal static class TinyRun
{
    public static FineTuneSettings Settings(FineTuneTaskKind task = FineTuneTaskKind.Report) => new()
    {
        Task = task,
        Training = new() { Epochs = 1, Batch = 4, LearningRate = 5e-3, WeightDecay = 0, WarmupShare = 0.05, Workers = 1, Device = "cpu", Precision = "fp32" },
        Length = 256,
        BasePrecision = "fp32",
        Augmentation = AugmentationOptions.None,
    };

    public static FineTuneTask Task(ModelDirectory model, FineTuneSettings settings) => new(FineTuneNetworks.Load(model, settings, CPU), settings, CPU);

    public static TrainingStep Step(int seed = 1) => new(0, 0, new Random(seed));
}
