using HSENet.Trainer.Contrastive;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>A group of one.</summary>
internal sealed class SingleProcess : IProcessGroup
{
    public int Rank => 0;

    public int Count => 1;

    public IFeatureGather Features { get; } = new SingleProcessGather();

    public void Average(IReadOnlyList<Tensor> tensors)
    {
    }

    public void Broadcast(IReadOnlyList<Tensor> tensors)
    {
    }

    public IReadOnlyList<float> All(float value) => [value];

    public void Leave()
    {
    }

    public void Dispose()
    {
    }
}
