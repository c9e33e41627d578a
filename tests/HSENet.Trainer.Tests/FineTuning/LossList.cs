using HSENet.Trainer.Data;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Tests.FineTuning;

/// <summary>Remembers the loss of each step.</summary>
internal sealed class LossList : ITrainingObserver
{
    public List<double> Losses { get; } = [];

    public void Step(StepResult result) => Losses.Add(result.Loss);

    public void Epoch(EpochResult result)
    {
    }

    public void LeftOut(BadItem item) => Assert.Fail($"{item.Name}: {item.Code} {item.Detail}");

    public void Saved(long step)
    {
    }
}
