using HSENet.Model;
using HSENet.Model.Nifti;

namespace HSENet.Trainer.Data.Volumes;

/// <summary>
/// HU of a NIfTI file whose rescale values stand in a table. The published CT-RATE files hold stored values, corrected copies of them hold HU, and
/// neither says which: the rule of ml.md 7.1 looks at the voxels.
/// </summary>
internal static class NiftiIntensity
{
    private const double HuPercentile = 0.01;
    private const int LargestHuPercentile = -900;   // air: no stored value of a CT without its intercept is that low
    private const double InsideRadius = 0.95;       // of the inscribed circle; what lies outside of it is padding of any value

    /// <exception cref="HSENetModelException"><c>nifti.*</c>.</exception>
    public static (CtInput Input, IntensityChoice Choice) Read(string path, RescaleValues? table, IntensityRule rule)
    {
        var asStored = NiftiFile.Read(path);
        if (table is null)
        {
            return (asStored, IntensityChoice.File);
        }

        if (rule == IntensityRule.Hu || (rule == IntensityRule.Auto && IsHu(asStored)))
        {
            return (asStored, IntensityChoice.AlreadyHu);
        }

        return (TryShift(asStored, table) ? asStored : NiftiFile.Read(path, (table.Slope, table.Intercept)), IntensityChoice.Table);
    }

    internal static bool IsHu(CtInput input)
    {
        var (slices, rows, columns) = input.Shape;
        var (counts, total) = (new long[ushort.MaxValue + 1], 0L);
        for (var row = 0; row < rows; row++)
        {
            var y = (2 * (row + 0.5) / rows) - 1;
            var half = Math.Sqrt(Math.Max((InsideRadius * InsideRadius) - (y * y), 0)) * columns / 2;
            var (first, end) = ((int)Math.Ceiling((columns / 2.0) - half), (int)Math.Floor((columns / 2.0) + half));
            for (var slice = 0; slice < slices; slice++)
            {
                foreach (var value in input.Hu.AsSpan((((slice * rows) + row) * columns) + first, Math.Max(end - first, 0)))
                {
                    counts[value - short.MinValue]++;
                    total++;
                }
            }
        }

        var (bin, below) = (-1, 0L);
        while (below <= total * HuPercentile && bin < ushort.MaxValue)
        {
            below += counts[++bin];
        }

        return total > 0 && bin + short.MinValue <= LargestHuPercentile;
    }

    /// <summary>With a slope of 1 and whole values, adding is exact and saves reading the file again.</summary>
    private static bool TryShift(CtInput input, RescaleValues table)
    {
        if (table.Slope != 1 || table.Intercept != Math.Truncate(table.Intercept) || Math.Abs(table.Intercept) > short.MaxValue
            || input.Hu.AsSpan().ContainsAny(short.MinValue, short.MaxValue))
        {
            return false;
        }

        var shift = (int)table.Intercept;
        for (var i = 0; i < input.Hu.Length; i++)
        {
            input.Hu[i] = (short)Math.Clamp(input.Hu[i] + shift, short.MinValue, short.MaxValue);
        }

        return true;
    }
}
