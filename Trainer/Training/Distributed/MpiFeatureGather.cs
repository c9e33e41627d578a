using HSENet.Model.Runtime;
using HSENet.Trainer.Contrastive;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>
/// All-gather with a gradient. Every process computes the same loss of the global batch, so the sum of all processes' gradients with respect to the
/// own part is the own gradient times their number; the mean over processes, taken later, makes it the gradient of the loss.
/// </summary>
internal sealed class MpiFeatureGather(MpiGroup group) : IFeatureGather
{
    public Tensor Gather(Tensor features)
    {
        using var scope = NewDisposeScope();
        var own = features.to(float32);                                                             // [B, dim]
        Tensor all;
        using (no_grad())
        {
            all = group.Gather(own.detach());                                              // [R * B, dim]
        }

        var live = own.Plus((own - own.detach()).Times(group.Count - 1));                           // [B, dim]: the own values, gradients times R
        var before = group.Rank * own.shape[0];
        var after = all.shape[0] - before - own.shape[0];
        return cat([all.narrow(0, 0, before), live, all.narrow(0, before + own.shape[0], after)]).MoveToOuterDisposeScope();
    }
}
