using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Contrastive;

/// <summary>
/// Semantic consistency: the similarities of stage 2 follow those of the frozen stage 1. Both are scaled by the stage-2 scale, as coded; no gradient
/// reaches stage 1, nor the scale through it.
/// </summary>
internal sealed class ConsistencyLoss(IFeatureGather gather, ConsistencyForm form)
{
    /// <param name="teacherImages">[B, dim] of stage 1</param>
    /// <param name="teacherTexts">[B, dim] of stage 1</param>
    /// <param name="images">[B, dim] of stage 2</param>
    /// <param name="texts">[B, dim] of stage 2</param>
    /// <param name="scale">[] or [1] of stage 2</param>
    /// <returns>[] float32</returns>
    public Tensor Forward(Tensor teacherImages, Tensor teacherTexts, Tensor images, Tensor texts, Tensor scale)
    {
        using var scope = NewDisposeScope();
        var teacher = Teacher(teacherImages, teacherTexts, scale);                                         // [G, G]
        var student = ContrastiveLoss.Logits(gather.Gather(images), gather.Gather(texts), scale);          // [G, G]
        var error = (student - teacher).Squared();                                                          // [G, G]
        // the text-to-image matrices are the transposed ones: their mean is the same
        var loss = form == ConsistencyForm.FullMatrix ? error.mean() : error.diagonal().sum();             // []
        return loss.MoveToOuterDisposeScope();
    }

    private Tensor Teacher(Tensor images, Tensor texts, Tensor scale)
    {
        using var noGrad = no_grad();
        return ContrastiveLoss.Logits(gather.Gather(images), gather.Gather(texts), scale);                 // [G, G]
    }
}
