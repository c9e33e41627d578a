namespace HSENet.Trainer.Training;

/// <summary>One pass over the data that ended.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Epochs">Of the run.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Of the run.</param>
/// <param name="Loss">Mean over its steps, those before a stop included.</param>
/// <param name="Parts">Parts of the loss by name, likewise.</param>
/// <param name="LeftOut">Items left out since the start of this process.</param>
internal sealed record EpochResult(int Epoch, int Epochs, long Step, long Steps, double Loss, IReadOnlyDictionary<string, double> Parts, int LeftOut);
