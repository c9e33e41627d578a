namespace HSENet.Trainer.Training;

/// <summary>The reference's settings of each training (hsenet.md 4.2): the shell scripts' values, whole batches over all GPUs.</summary>
internal static class TrainingPresets
{
    /// <summary>Reports are measured every 4 % of the steps on all items, where the contrastive stages take the first 512.</summary>
    public static ValidationSettings ReportValidation { get; } = new() { Items = 0 };

    /// <summary>Questions are measured on the first 1,024.</summary>
    public static ValidationSettings QuestionValidation { get; } = new() { Items = 1024 };

    /// <summary>Both contrastive stages: 8 x 3 studies, 50 epochs.</summary>
    public static TrainingSettings Contrastive { get; } = new()
    {
        Epochs = 50, Batch = 24, Accumulation = 1, LearningRate = 1e-4, WeightDecay = 0.1, WarmupShare = 0.03, ClipNorm = 1, Seed = 42,
    };

    /// <summary>Reports of CT-RATE, and of BIMCV-R for which nothing else is told: 8 x 2 studies, 6 epochs.</summary>
    public static TrainingSettings Reports { get; } = Contrastive with { Epochs = 6, Batch = 16, WeightDecay = 0 };

    /// <summary>Questions of RadGenome: 8 x 5 studies, 4 epochs.</summary>
    public static TrainingSettings Questions { get; } = Contrastive with { Epochs = 4, Batch = 40, LearningRate = 5e-5, WeightDecay = 0 };
}
