using HSENet.Model.Vision;
using HSENet.Trainer.Contrastive;

namespace HSENet.Trainer.Ablations;

/// <summary>What stage 2 is trained with.</summary>
internal sealed record ContrastiveVariant(PatchGuide Guide, ConsistencyForm Form, ConsistencySchedule Schedule)
{
    /// <summary>The published setting, as its code has it.</summary>
    public static ContrastiveVariant Ours { get; } = new(PatchGuide.Slices, ConsistencyForm.FullMatrix, ConsistencySchedule.Decay);

    /// <summary>The guide is the report that retrieval searches for.</summary>
    public bool IsGuidedByReport => Guide is PatchGuide.Text or PatchGuide.TextCls;
}
