using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.FineTuning;

/// <summary>Studies in memory.</summary>
internal sealed class TinyData(IReadOnlyList<TrainingCase> cases) : ITrainingData
{
    public IReadOnlyList<TrainingCase> Cases => cases;

    public int Count => cases.Count;

    public ManifestItem Item(int index) => cases[index].Item;

    public TrainingCase Load(int index) => cases[index];
}
