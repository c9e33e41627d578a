using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.FineTuning;

/// <summary>Named settings: the reference's (hsenet.md 4.2 and Appendix B of the paper), and those for phantoms.</summary>
internal static class FineTunePresets
{
    private static readonly FineTuneSettings s_reports = new() { Task = FineTuneTaskKind.Report, Training = TrainingPresets.Reports, Length = 800 };

    /// <summary>A small model that begins without a pretrained language model, on one processor.</summary>
    private static readonly FineTuneSettings s_phantoms = s_reports with
    {
        Training = TrainingPresets.Reports with { Epochs = 8, Batch = 16, LearningRate = 1e-3 },
        BasePrecision = "fp32",
        TrainBase = true,
        Augmentation = AugmentationOptions.None,
    };

    private static readonly Dictionary<string, FineTuneSettings> s_presets = new(StringComparer.Ordinal)
    {
        ["report-ct-rate"] = s_reports,
        ["report-bimcv-r"] = s_reports,
        ["vqa-radgenome"] = new() { Task = FineTuneTaskKind.Vqa, Training = TrainingPresets.Questions, Validation = TrainingPresets.QuestionValidation, Length = 330 },
        ["phantom-report"] = s_phantoms,
        ["phantom-vqa"] = s_phantoms with
        {
            Task = FineTuneTaskKind.Vqa, Validation = TrainingPresets.QuestionValidation, Length = 330, TrainBase = false, Start = FineTuneStart.Model,
        },
    };

    public static IReadOnlyCollection<string> Names => s_presets.Keys;

    /// <returns>Null: no preset of that name.</returns>
    public static FineTuneSettings? Find(string name) => s_presets.GetValueOrDefault(name);
}
