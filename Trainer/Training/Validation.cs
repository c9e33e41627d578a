using System.Globalization;
using HSENet.Trainer.Data;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>Measures the loss of the validation items now and then. In one process of the run; the others wait for its next step.</summary>
/// <param name="set">On what.</param>
/// <param name="training">Seed and precision of the run.</param>
/// <param name="device">Where the task's tensors are.</param>
/// <param name="measured">Is told the step and the mean over the items.</param>
/// <param name="tell">Is told a line.</param>
internal sealed class Validation(ValidationSet set, TrainingSettings training, Device device, Action<long, double> measured, Action<string> tell) : ITrainingObserver
{
    private readonly HashSet<int> _leftOut = [];

    public void Step(StepResult result)
    {
        if (result.Step % set.Settings.Interval(result.Steps) != 0 && result.Step != result.Steps)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var random = new Random(training.Seed);   // the same texts and prompts each time: only the network changes
        var (sum, count) = (0.0, 0);
        foreach (var batch in Enumerable.Range(0, set.Data.Count).Chunk(set.Batch))
        {
            var cases = batch.Select(Load).OfType<TrainingCase>().ToList();
            if (cases.Count > 0)
            {
                using var precision = training.UsesBFloat16(device) ? new Autocast(device.type) : null;
                sum += set.Task.Validate(cases, random) * cases.Count;
                count += cases.Count;
            }
        }

        if (count > 0)
        {
            measured(result.Step, sum / count);
            tell(string.Create(CultureInfo.InvariantCulture, $"validation at step {result.Step} of {result.Steps}: loss {sum / count:F4} of {count} items"));
        }
    }

    public void Epoch(EpochResult result)
    {
    }

    public void LeftOut(BadItem item)
    {
    }

    public void Saved(long step)
    {
    }

    private TrainingCase? Load(int index)
    {
        try
        {
            return set.Data.Load(index);
        }
        catch (TrainerException e)
        {
            if (_leftOut.Add(index))
            {
                tell($"left out of the validation: {set.Data.Item(index).Id}: {e.Code}: {e.Message}");
            }

            return null;
        }
    }
}
