using HSENet.Trainer.Data;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Tests.Training;

/// <summary>Keeps what a loop tells; stops it after a number of steps.</summary>
internal sealed class RunLog(int? stopAfter = null) : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public List<StepResult> Steps { get; } = [];

    public List<EpochResult> Epochs { get; } = [];

    public List<BadItem> Bad { get; } = [];

    public List<long> Checkpoints { get; } = [];

    public Action<StepResult> OnStep { get; init; } = _ => { };

    public CancellationToken Stop => _stop.Token;

    public IEnumerable<double> Losses => Steps.Select(step => step.Loss);

    public void Step(StepResult result)
    {
        Steps.Add(result);
        OnStep(result);
        if (Steps.Count == stopAfter)
        {
            _stop.Cancel();
        }
    }

    public void Epoch(EpochResult result) => Epochs.Add(result);

    public void LeftOut(BadItem item) => Bad.Add(item);

    public void Saved(long step) => Checkpoints.Add(step);

    public void Dispose() => _stop.Dispose();
}
