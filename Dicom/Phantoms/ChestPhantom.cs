using HSENet.Dicom.Series;

namespace HSENet.Dicom.Phantoms;

/// <summary>A procedural chest CT: geometry from drawn shapes, nobody's data. Same seed and grid, same voxels.</summary>
public static class ChestPhantom
{
    private const ulong NoiseStream = 100;

    /// <summary>Draws a healthy chest into the given grid (world box 360 x 360 x 320 mm), axes S, P, L.</summary>
    public static CtVolume Create(int seed, int slices, int rows, int columns)
    {
        var random = new PhantomRandom((uint)seed);
        var anatomy = new ChestAnatomy(random);
        return Draw(random, anatomy, canvas => anatomy.Paint(canvas), slices, rows, columns);
    }

    /// <summary>Draws a chest with findings into the given grid; what is drawn depends on the seed and the options, not on the grid.</summary>
    public static PhantomCase CreateCase(ulong seed, int slices, int rows, int columns, PhantomFindingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Prevalence is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.Prevalence, "A prevalence is 0..1.");
        var random = new PhantomRandom(seed);
        var findings = new ChestFindings(random, options);
        return new(Draw(random, findings.Anatomy, findings.Paint, slices, rows, columns), findings.Findings);
    }

    private static CtVolume Draw(PhantomRandom random, ChestAnatomy anatomy, Action<PhantomCanvas> paint, int slices, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slices);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var canvas = new PhantomCanvas(slices, rows, columns);
        paint(canvas);
        return new()
        {
            Hu = canvas.Finish(anatomy.Noise, random.Fork(NoiseStream)),
            SliceCount = slices,
            Rows = rows,
            Columns = columns,
            SliceSpacingMm = canvas.SliceMm,
            RowSpacingMm = canvas.RowMm,
            ColumnSpacingMm = canvas.ColumnMm,
            Axes = ('S', 'P', 'L'),
        };
    }
}
