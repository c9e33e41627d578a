using HSENet.Trainer.Data;

namespace HSENet.Trainer.FineTuning;

/// <summary>The samples of a task among the studies: each study with findings, or each question of each study, as the reference counts them.</summary>
internal sealed class FineTuneSamples : ITrainingData
{
    private readonly ITrainingData _studies;
    private readonly List<(int Study, ManifestItem Item)> _samples = [];

    /// <param name="studies">Of a manifest.</param>
    /// <param name="kind">The task.</param>
    /// <param name="most">The first so many samples; 0: all.</param>
    /// <exception cref="TrainerException"><c>data.text</c>: no study has what the task needs.</exception>
    public FineTuneSamples(ITrainingData studies, FineTuneTaskKind kind, int most = 0)
    {
        _studies = studies;
        for (var index = 0; index < studies.Count; index++)
        {
            var item = studies.Item(index);
            if (kind == FineTuneTaskKind.Report)
            {
                if (FineTuneTexts.Report(item, ReportTarget.Findings) is not null)
                {
                    _samples.Add((index, item));
                }

                continue;
            }

            _samples.AddRange(item.Questions.Where(FineTuneTexts.IsUsable).Select(question => (index, item with { Questions = [question] })));
        }

        if (most > 0 && _samples.Count > most)
        {
            _samples.RemoveRange(most, _samples.Count - most);
        }

        Studies = _samples.Select(sample => sample.Study).Distinct().Count();
        if (_samples.Count == 0)
        {
            throw new TrainerException("data.text", $"None of the {studies.Count} studies has {(kind == FineTuneTaskKind.Report ? "findings" : "a question with an answer")}.");
        }
    }

    public int Count => _samples.Count;

    /// <summary>Studies that have a sample.</summary>
    public int Studies { get; }

    public ManifestItem Item(int index) => _samples[index].Item;

    public TrainingCase Load(int index) => _studies.Load(_samples[index].Study) with { Item = _samples[index].Item };
}
