using System.Collections.Concurrent;
using HSENet.Trainer.Data.Cache;

namespace HSENet.Trainer.Data;

/// <summary>Cases kept in memory until a number of bytes is reached; each is given out as a copy that its receiver may change.</summary>
/// <param name="mostBytes">0: nothing is kept.</param>
/// <param name="asHalf">In 2 bytes a voxel; the values are such that nothing is lost.</param>
internal sealed class MemoryCases(long mostBytes, bool asHalf)
{
    private readonly ConcurrentDictionary<int, Kept> _kept = new();
    private long _bytes;

    public TrainingCase? TryGet(int index) => _kept.TryGetValue(index, out var kept)
        ? kept.Case with { Volume = kept.Narrow is null ? (float[])kept.Case.Volume.Clone() : HalfValues.Widen(kept.Narrow), SliceFeatures = (float[]?)kept.Case.SliceFeatures?.Clone() }
        : null;

    public void Keep(int index, TrainingCase value)
    {
        var bytes = (value.Volume.LongLength * (asHalf ? 2 : sizeof(float))) + ((value.SliceFeatures?.LongLength ?? 0) * sizeof(float));
        if (Interlocked.Add(ref _bytes, bytes) > mostBytes || !_kept.TryAdd(index, Copy(value)))
        {
            Interlocked.Add(ref _bytes, -bytes);
        }
    }

    private Kept Copy(TrainingCase value)
    {
        var features = (float[]?)value.SliceFeatures?.Clone();
        if (!asHalf)
        {
            return new(value with { Volume = (float[])value.Volume.Clone(), SliceFeatures = features }, null);
        }

        var narrow = new Half[value.Volume.Length];
        HalfValues.Narrow(value.Volume, narrow);
        return new(value with { Volume = [], SliceFeatures = features }, narrow);
    }

    private sealed record Kept(TrainingCase Case, Half[]? Narrow);
}
