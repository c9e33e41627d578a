using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Contrastive;

/// <summary>
/// Image-text contrast over the global batch (Eq. 2): the mean of the cross-entropies over rows and over columns of S = scale * I T^t, targets on the
/// diagonal. The scale is a plain factor, neither exponentiated nor clamped, as coded in the reference.
/// </summary>
internal sealed class ContrastiveLoss(IFeatureGather gather)
{
    /// <param name="imageFeatures">[B, dim], L2-normalised</param>
    /// <param name="textFeatures">[B, dim], L2-normalised</param>
    /// <param name="scale">[] or [1]</param>
    /// <returns>[] float32</returns>
    public Tensor Forward(Tensor imageFeatures, Tensor textFeatures, Tensor scale)
    {
        using var scope = NewDisposeScope();
        var logits = Logits(gather.Gather(imageFeatures), gather.Gather(textFeatures), scale);  // [G, G]
        var targets = Numbers.Range(logits.shape[0], logits.device);                            // [G]
        var rows = nn.functional.cross_entropy(logits, targets);                                // []
        var columns = nn.functional.cross_entropy(logits.t(), targets);                         // []
        return rows.Plus(columns).Over(2).MoveToOuterDisposeScope();
    }

    /// <returns>[G, G] float32: images in rows, texts in columns</returns>
    internal static Tensor Logits(Tensor images, Tensor texts, Tensor scale) => (scale * images.matmul(texts.t())).to(float32);
}
