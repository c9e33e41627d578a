namespace HSENet.Dicom.Phantoms;

/// <summary>
/// Our own generator (SplitMix64, G. L. Steele et al. 2014), so that a seed draws the same phantom on every runtime. <see cref="Fork"/> gives an independent
/// stream, so that a part may draw more or less without changing what comes after it.
/// </summary>
internal sealed class PhantomRandom(ulong seed)
{
    private ulong _drawn;

    public PhantomRandom Fork(ulong stream) => new(Mix(seed ^ Mix(stream + 1)));

    /// <summary>Uniform in [0, 1).</summary>
    public double Next()
    {
        _drawn++;
        return (Mix(seed + _drawn * 0x9E3779B97F4A7C15) >> 11) * (1.0 / (1UL << 53));
    }

    public double Between(double low, double high) => low + (high - low) * Next();

    /// <summary>Two independent draws from the standard normal distribution (Box and Muller).</summary>
    public (double A, double B) Gaussians()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Next()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * Next());
        return (radius * cos, radius * sin);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
