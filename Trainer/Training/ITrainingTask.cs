using HSENet.Trainer.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>What is trained: the parameters, the loss of a batch, and how the result is written.</summary>
internal interface ITrainingTask : IDisposable
{
    /// <summary>What the optimiser changes, by the names of the weight files; the order is fixed.</summary>
    IReadOnlyList<(string Name, Parameter Value)> Trained { get; }

    /// <summary>The loss of one batch of this process.</summary>
    /// <param name="batch">Already augmented.</param>
    /// <param name="step">The step that this batch belongs to.</param>
    /// <param name="values">Parts of the loss by name, for the log.</param>
    /// <returns>[] float32, with gradient; the receiver owns it</returns>
    Tensor Loss(IReadOnlyList<TrainingCase> batch, TrainingStep step, IDictionary<string, double> values);

    /// <summary>Writes a model directory that <c>Worker</c> loads, as far as it has the parts.</summary>
    void WriteModel(string directory);
}
