using HSENet.Model.Configuration;
using HSENet.Trainer.Contrastive;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Pretraining;

/// <summary>One contrastive stage. Defaults are what the reference's code does (hsenet.md 4).</summary>
internal sealed record PretrainingSettings
{
    /// <summary>1: plain tower. 2: the 2E3 tower beside a frozen stage-1 model.</summary>
    public required int Stage { get; init; }

    public required TrainingSettings Training { get; init; }

    /// <summary>
    /// Sizes and preprocessing. Stage 2 takes those of its teacher instead; without a teacher, these.
    /// </summary>
    public ModelConfiguration? Model { get; init; }

    /// <summary>What scores the patches in stage 2: <c>slices</c>; <c>text-cls</c> and <c>text</c> (the teacher's text features); <c>none</c>.</summary>
    public string Guide { get; init; } = "slices";

    public ConsistencyForm ConsistencyForm { get; init; } = ConsistencyForm.FullMatrix;

    public ConsistencySchedule ConsistencySchedule { get; init; } = ConsistencySchedule.Decay;

    public PretrainingText Text { get; init; } = PretrainingText.Findings;

    /// <summary>Longest text, tokens; never more than the text encoder has positions.</summary>
    public int TextTokens { get; init; } = 512;

    /// <summary>With <c>--validation</c>: how often and on how much the contrastive loss is measured.</summary>
    public ValidationSettings Validation { get; init; } = new();

    /// <summary>What is done to the volumes in training.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.Reference;

    /// <summary>Learns a WordPiece vocabulary of <c>model.text.vocab</c> pieces from the texts where none is given.</summary>
    public bool LearnVocabulary { get; init; }

    /// <summary>Stage 2 without <c>--init</c> starts from its teacher's weights. The reference starts from M3D-CLIP: give that with <c>--init</c>.</summary>
    public bool StartFromTeacher { get; init; }

    /// <summary>Memory for preprocessed volumes, bytes; what does not fit is read from the cache on disk again.</summary>
    public long VolumeCacheBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Weight of an auxiliary loss that is not the paper's: binary cross-entropy of the manifest's labels, by a linear layer over the volume's
    /// feature. The layer is not part of the model that is written. 0: off.
    /// </summary>
    public double LabelWeight { get; init; }

    /// <summary>Labels of that loss; empty: all of <see cref="Evaluation.Labels.ChestLabels"/> that the manifest knows.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <exception cref="TrainerException"><c>settings.range</c>.</exception>
    public PretrainingSettings Validated()
    {
        Training.Validated();
        Validation.Validated();
        Require(Stage is 1 or 2, "stage is neither 1 nor 2");
        Require(TextTokens >= 3, "textTokens is below 3");
        Require(VolumeCacheBytes >= 0, "volumeCacheBytes is negative");
        Require(LabelWeight is >= 0 and < 1e6, "labelWeight is out of its range");
        Require(Guide is "slices" or "text-cls" or "text" or "none", $"guide '{Guide}' is none of slices, text-cls, text, none");
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
