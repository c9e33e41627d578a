using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Data.Loading;

/// <summary>Cases of one voxel that holds their number; what loading does can be changed.</summary>
internal sealed class FakeData(int count, Action<int>? onLoad = null) : ITrainingData
{
    private int _loads;

    public int Loads => Volatile.Read(ref _loads);

    public int Count => count;

    public ManifestItem Item(int index) => new() { Id = $"case-{index}", Volume = "x" };

    public TrainingCase Load(int index)
    {
        Interlocked.Increment(ref _loads);
        onLoad?.Invoke(index);
        return new(Item(index), [index], null);
    }
}
