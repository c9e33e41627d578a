using System.Diagnostics;
using HSENet.Model;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The items that are evaluated, and those that turned out unusable.</summary>
/// <param name="data">The usable studies of the manifest.</param>
/// <param name="leftOut">Lines of the manifest that are not usable.</param>
internal sealed class EvaluationCases(ITrainingData data, IReadOnlyList<BadItem> leftOut)
{
    private readonly List<BadItem> _bad = [.. leftOut];
    private (int Index, TrainingCase Case)? _last;

    /// <summary>All that could not be evaluated, with the reason.</summary>
    public IReadOnlyList<BadItem> Bad => _bad;

    public ITrainingData Data => data;

    /// <summary>Numbers of the studies.</summary>
    public IReadOnlyList<int> All { get; } = [.. Enumerable.Range(0, data.Count)];

    /// <summary>Does something with a study; one that is unusable is noted under its name and left out.</summary>
    /// <param name="index">The study.</param>
    /// <param name="work">Gets the study and the seconds it took to load.</param>
    /// <returns>False: left out.</returns>
    public bool Try(int index, Action<TrainingCase, double> work)
    {
        try
        {
            var start = Stopwatch.GetTimestamp();
            var loaded = _last is { } last && last.Index == index ? last.Case : data.Load(index);
            _last = (index, loaded);
            work(loaded, Stopwatch.GetElapsedTime(start).TotalSeconds);
            return true;
        }
        catch (TrainerException e)
        {
            Note(index, e.Code, e.Message);
        }
        catch (HSENetModelException e)
        {
            Note(index, e.Code, e.Message);
        }

        return false;
    }

    private void Note(int index, string code, string detail)
    {
        var bad = new BadItem(data.Item(index).Id, code, detail);
        if (!_bad.Contains(bad))
        {
            _bad.Add(bad);
        }
    }
}
