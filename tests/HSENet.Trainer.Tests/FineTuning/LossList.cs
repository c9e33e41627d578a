using HSENet.Trainer.Data;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Tests.FineTuning;

/// <summary>Remembers the loss of each step.</summary>
/// <param name="stopAfter">Steps after which the run is asked to stop; null: never.</param>
internal sealed class LossList(int? stopAfter = null) : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public List<double> Losses { get; } = [];

    public CancellationToken Stop => _stop.Token;

    public void Step(StepResult result)
    {
        Losses.Add(result.Loss);
        if (Losses.Count == stopAfter)
        {
            _stop.Cancel();
        }
    }

    public void Dispose() => _stop.Dispose();

    public void Epoch(EpochResult result)
    {
    }

    public void LeftOut(BadItem item) => Assert.Fail($"{item.Name}: {item.Code} {item.Detail}");

    public void Saved(long step)
    {
    }
}
