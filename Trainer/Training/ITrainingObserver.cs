using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training;

/// <summary>Is told what happens in a run, on the thread of the loop.</summary>
internal interface ITrainingObserver
{
    void Step(StepResult result);

    void Epoch(EpochResult result);

    /// <summary>An item was left out, told once for each.</summary>
    void LeftOut(BadItem item);

    /// <summary>A checkpoint stands on disk.</summary>
    void Saved(long step);
}
