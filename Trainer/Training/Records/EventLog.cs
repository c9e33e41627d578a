using HSENet.Trainer.Data;

namespace HSENet.Trainer.Training.Records;

/// <summary>Curves for TensorBoard: every step and every epoch.</summary>
internal sealed class EventLog(EventFile file) : ITrainingObserver
{
    public void Step(StepResult result) => file.Scalars(
        result.Step,
        [
            KeyValuePair.Create("step/loss", result.Loss), KeyValuePair.Create("step/learning_rate", result.LearningRate), KeyValuePair.Create("step/gradient_norm", result.GradientNorm),
            .. result.Parts.Select(part => KeyValuePair.Create("step/" + part.Key, part.Value)),
        ]);

    public void Epoch(EpochResult result) => file.Scalars(
        result.Step, [KeyValuePair.Create("epoch/loss", result.Loss), .. result.Parts.Select(part => KeyValuePair.Create("epoch/" + part.Key, part.Value))]);

    public void LeftOut(BadItem item)
    {
    }

    public void Saved(long step)
    {
    }
}
