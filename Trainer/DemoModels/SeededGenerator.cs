namespace HSENet.Trainer.DemoModels;

/// <summary>
/// Numbers from a seed (SplitMix64). Only integer steps, additions and one multiplication are used, so the same seed gives the same bits on
/// every machine and runtime.
/// </summary>
internal sealed class SeededGenerator(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <returns>0 … below - 1.</returns>
    public int Next(int below) => (int)(Next() % (ulong)below);

    /// <returns>0 ≤ value &lt; 1.</returns>
    public double NextUniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <returns>Nearly normal with mean 0 and deviation 1: the sum of twelve uniform numbers.</returns>
    public double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
        {
            sum += NextUniform();
        }

        return sum;
    }
}
