namespace HSENet.Trainer.Training;

/// <summary>One optimiser step that was done.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Step">Steps done, this one included.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="Loss">Mean over its forward passes.</param>
/// <param name="Parts">Parts of the loss by name, mean over its forward passes.</param>
/// <param name="LearningRate">The rate it was done with.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Cases">Studies this process worked on.</param>
internal sealed record StepResult(
    int Epoch, long Step, long Steps, double Loss, IReadOnlyDictionary<string, double> Parts, double LearningRate, double GradientNorm, int Cases);
