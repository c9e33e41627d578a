using System.Text.Json.Serialization;
using HSENet.Model.Configuration;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.FineTuning;

/// <summary>Fine-tuning of packers and low-rank matrices for one task. Defaults are those of the reference (hsenet.md 1.7, 1.8 and 4.2).</summary>
internal sealed record FineTuneSettings
{
    /// <summary><c>report</c> or <c>vqa</c>.</summary>
    public required FineTuneTaskKind Task { get; init; }

    public required TrainingSettings Training { get; init; }

    /// <summary>Most tokens of a sample, visual tokens, prompt and end included; a longer text is cut and learns no end.</summary>
    public required int Length { get; init; }

    /// <summary>With <c>--validation</c>: how often and on how much the loss is measured.</summary>
    public ValidationSettings Validation { get; init; } = TrainingPresets.ReportValidation;

    public LoraSettings Lora { get; init; } = new();

    /// <summary>How the base lies in memory while it is frozen: <c>int8</c>, <c>bf16</c>, <c>fp16</c> (GPU), <c>fp32</c>, <c>auto</c> (as stored).</summary>
    public string BasePrecision { get; init; } = "int8";

    /// <summary>
    /// Trains the language model itself as well, in fp32: for a model that begins without a pretrained one. A directory without language model
    /// weights gets them drawn from the seed.
    /// </summary>
    public bool TrainBase { get; init; }

    /// <summary>Runs each decoder layer again in the backward pass: a fraction of the memory for about a quarter more time.</summary>
    public bool Checkpointing { get; init; }

    public FineTuneStart Start { get; init; }

    /// <summary>With task report.</summary>
    public ReportTarget Target { get; init; }

    /// <summary>A site's own prompts, one a line; with task vqa each has <c>{abnormality}</c> once. Null: those of this program.</summary>
    public string? Prompts { get; init; }

    /// <summary>What the written model asks for a report; null: what the directory says, else a fixed one of this program.</summary>
    public string? EvaluationPrompt { get; init; }

    /// <summary>Kind and points of the packers; null: those of the directory, else windows of 1 x 4 x 4 patches.</summary>
    public PackerSection? Packer { get; init; }

    /// <summary>What is done to the volumes in training; slice features and texts stay as they are.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.Reference;

    /// <summary>
    /// Memory for the towers' patch features, bytes: without augmentation they never change, so a study goes through the frozen towers once. 0: none.
    /// </summary>
    public long PatchCacheBytes { get; init; } = 2L << 30;

    /// <summary>Memory for preprocessed volumes, bytes; what does not fit is read from the cache on disk again. 0: none.</summary>
    public long VolumeCacheBytes { get; init; } = 1L << 30;

    /// <summary>Whether a study gives the same patch features in every epoch.</summary>
    [JsonIgnore]
    public bool KeepsPatches => Augmentation with { KeepSides = false } == AugmentationOptions.None && PatchCacheBytes > 0;

    /// <exception cref="TrainerException"><c>settings.range</c>: names the setting.</exception>
    public FineTuneSettings Validated()
    {
        Training.Validated();
        Validation.Validated();
        Require(Length is >= 8 and <= 131072, "length: must be 8 to 131072");
        Require(Lora.Rank is >= 1 and <= 4096 && Lora.Alpha > 0 && double.IsFinite(Lora.Alpha) && Lora.Dropout is >= 0 and < 1, "lora: rank and alpha must be positive, dropout 0 to 1");
        Require(BasePrecision is "auto" or "int8" or "bf16" or "fp16" or "fp32", $"basePrecision '{BasePrecision}': none of auto, int8, bf16, fp16, fp32");
        Require(PatchCacheBytes >= 0 && VolumeCacheBytes >= 0, "patchCacheBytes, volumeCacheBytes: must not be negative");
        Require(EvaluationPrompt is null || EvaluationPrompt.Trim().Length > 0, "evaluationPrompt: must not be empty where it is given");
        Require(Task == FineTuneTaskKind.Report || Target == ReportTarget.Findings, "target: is for task report");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new TrainerException("settings.range", message + ".");
        }
    }
}
