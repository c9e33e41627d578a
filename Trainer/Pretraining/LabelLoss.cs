using HSENet.Model.Runtime;
using HSENet.Trainer.Data;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>
/// The auxiliary label loss: binary cross-entropy of a linear layer over the volume's feature, mean over the labels that are known. Not in the
/// paper; it shows a small network what to look at. The layer is trained and dropped.
/// </summary>
internal sealed class LabelLoss : IDisposable
{
    private readonly IReadOnlyList<string> _labels;
    private readonly Linear _layer;
    private readonly double _scale;
    private readonly IProcessGroup _group;

    /// <param name="labels">What the layer tells.</param>
    /// <param name="hidden">Width of a feature.</param>
    /// <param name="device">Where the features are.</param>
    /// <param name="group">The processes that share the batch.</param>
    public LabelLoss(IReadOnlyList<string> labels, int hidden, Device device, IProcessGroup group)
    {
        (_labels, _group) = (labels, group);
        _layer = nn.Linear(hidden, labels.Count, device: device);
        _scale = Math.Sqrt(hidden);   // features have length 1: back to a deviation of 1
    }

    public IReadOnlyList<(string Name, Parameter Value)> Trained => [("label_layer.weight", _layer.weight!), ("label_layer.bias", _layer.bias!)];

    /// <param name="features">[B, hidden], length 1</param>
    /// <param name="cases">The B cases.</param>
    /// <returns>[]; its mean over the processes is that over all labels that are known; 0 where nothing is</returns>
    public Tensor Forward(Tensor features, IReadOnlyList<TrainingCase> cases)
    {
        using var scope = NewDisposeScope();
        var (values, known) = (new float[cases.Count * _labels.Count], new float[cases.Count * _labels.Count]);
        for (var i = 0; i < values.Length; i++)
        {
            if (cases[i / _labels.Count].Item.Labels.TryGetValue(_labels[i % _labels.Count], out var present))
            {
                (values[i], known[i]) = (present ? 1 : 0, 1);
            }
        }

        long[] shape = [cases.Count, _labels.Count];
        var logits = _layer.call(features.Times(_scale)).to(float32);                                                      // [B, L]
        var (target, weight) = (tensor(values, shape).to(logits.device), tensor(known, shape).to(logits.device));     // [B, L]
        var sum = nn.functional.binary_cross_entropy_with_logits(logits, target, weight, nn.Reduction.Sum);           // []
        var count = (int)known.Sum();
        return sum.Over(Math.Max(1, count)).Times(_group.Share(count)).MoveToOuterDisposeScope();
    }

    public void Dispose() => _layer.Dispose();
}
