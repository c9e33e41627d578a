using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training;

/// <summary>What a run is measured on.</summary>
/// <param name="Task">What is trained.</param>
/// <param name="Data">The items.</param>
/// <param name="Batch">Items of one forward pass; a contrastive loss depends on it.</param>
/// <param name="Settings">How often.</param>
internal sealed record ValidationSet(IValidatedTask Task, ITrainingData Data, int Batch, ValidationSettings Settings);
