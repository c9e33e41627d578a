using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training;

/// <summary>How a run ended.</summary>
/// <param name="Step">Steps done, over all starts.</param>
/// <param name="Steps">Of the run.</param>
/// <param name="LeftOut">Items that could not be used since this start.</param>
internal sealed record TrainingOutcome(long Step, long Steps, IReadOnlyList<BadItem> LeftOut)
{
    /// <summary>False: it was stopped and can be resumed.</summary>
    public bool Finished => Step == Steps;
}
