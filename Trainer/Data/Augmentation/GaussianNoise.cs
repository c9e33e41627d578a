namespace HSENet.Trainer.Data.Augmentation;

/// <summary>Noise from a table of quantiles: a voxel costs two bytes of randomness.</summary>
internal static class GaussianNoise
{
    private const int Entries = 1 << 12;

    private static readonly float[] s_quantiles = Quantiles();

    public static void Add(Span<float> values, float deviation, Random random)
    {
        Span<byte> bytes = stackalloc byte[4096];
        for (var start = 0; start < values.Length; start += bytes.Length / 2)
        {
            random.NextBytes(bytes);
            var part = values.Slice(start, Math.Min(bytes.Length / 2, values.Length - start));
            for (var i = 0; i < part.Length; i++)
            {
                part[i] += deviation * s_quantiles[(bytes[2 * i] | (bytes[(2 * i) + 1] << 8)) & (Entries - 1)];
            }
        }
    }

    /// <summary>The middles of equally likely parts of the normal distribution, from its integral, scaled to a deviation of one.</summary>
    private static float[] Quantiles()
    {
        const int Steps = 1 << 16;
        const double Widest = 5;
        var (table, sum, at, width) = (new double[Entries], 0.0, 0, 2 * Widest / Steps);
        for (var i = 0; i < Steps && at < Entries; i++)
        {
            var x = -Widest + ((i + 0.5) * width);
            sum += Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * width;
            while (at < Entries && sum >= (at + 0.5) / Entries)
            {
                table[at++] = x;
            }
        }

        var deviation = Math.Sqrt(table.Average(x => x * x));
        return [.. table.Select(x => (float)(x / deviation))];
    }
}
