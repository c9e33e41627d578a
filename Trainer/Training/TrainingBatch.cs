using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training;

/// <summary>What this process works on in one forward pass.</summary>
/// <param name="Cases">Augmented; fewer than its share where items could not be used.</param>
/// <param name="Bad">Items of this batch that were left out.</param>
internal sealed record TrainingBatch(IReadOnlyList<TrainingCase> Cases, IReadOnlyList<BadItem> Bad);
