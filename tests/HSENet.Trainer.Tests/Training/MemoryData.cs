using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Training;

/// <summary>Studies made up on the spot; those named bad cannot be read.</summary>
internal sealed class MemoryData(int count, Func<int, TrainingCase> make, params int[] bad) : ITrainingData
{
    public int Count => count;

    public ManifestItem Item(int index) => make(index).Item;

    public TrainingCase Load(int index) =>
        bad.Contains(index) ? throw new TrainerException("data.volume", $"{Item(index).Id}: cannot be read.") : make(index);
}
