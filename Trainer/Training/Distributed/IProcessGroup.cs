using HSENet.Trainer.Contrastive;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>The processes that train one model together, each on its share of every batch.</summary>
internal interface IProcessGroup : IDisposable
{
    /// <summary>This process, from 0. Rank 0 writes the files.</summary>
    int Rank { get; }

    int Count { get; }

    /// <summary>Replaces each tensor by its mean over the processes.</summary>
    void Average(IReadOnlyList<Tensor> tensors);

    /// <summary>Gives every process the values of rank 0.</summary>
    void Broadcast(IReadOnlyList<Tensor> tensors);

    /// <summary>The value of every process, by rank.</summary>
    IReadOnlyList<float> All(float value);

    /// <summary>The end of a run that went well; must not be called after a fault: it would wait for the others.</summary>
    void Leave();

    /// <summary>Brings the features of all processes together, with gradients to the own ones.</summary>
    IFeatureGather Features { get; }
}
