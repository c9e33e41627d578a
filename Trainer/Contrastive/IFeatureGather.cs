using static TorchSharp.torch;

namespace HSENet.Trainer.Contrastive;

/// <summary>
/// Brings the features of all ranks together, so that a loss sees the global batch: all-gather forward, and backward the gradient of the own part
/// summed over the ranks.
/// </summary>
internal interface IFeatureGather
{
    /// <param name="features">[local batch, dim]</param>
    /// <returns>[global batch, dim], ranks in order; gradients reach <paramref name="features"/></returns>
    Tensor Gather(Tensor features);
}
