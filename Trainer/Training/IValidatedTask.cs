using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training;

/// <summary>A task that can be measured on the way on studies that it does not learn from.</summary>
internal interface IValidatedTask : ITrainingTask
{
    /// <summary>
    /// The loss as it is outside of training: no dropout, no gradient, this process alone. What is trained, kept in memory and drawn for training stays
    /// as it is, and the networks are in training mode afterwards.
    /// </summary>
    /// <param name="batch">Not augmented.</param>
    /// <param name="random">Draws: texts, prompts.</param>
    double Validate(IReadOnlyList<TrainingCase> batch, Random random);
}
