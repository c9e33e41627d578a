using HSENet.Model.Preprocessing;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Data;

/// <summary>Mean and largest value of each slice; counts its calls.</summary>
internal sealed class CountingSliceEncoder(string digest = "a") : ISliceFeatureEncoder
{
    private int _inside;

    public int Calls { get; private set; }

    public string Digest => digest;

    public int Width => 2;

    public float[] Encode(SliceStack slices, CancellationToken cancellationToken)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        Calls++;
        var features = new float[slices.Count * 2];
        for (var s = 0; s < slices.Count; s++)
        {
            var pixels = slices.Slice(s).ToArray();
            (features[2 * s], features[(2 * s) + 1]) = ((float)pixels.Average(pixel => pixel), pixels.Max());
        }

        Interlocked.Decrement(ref _inside);
        return features;
    }
}
