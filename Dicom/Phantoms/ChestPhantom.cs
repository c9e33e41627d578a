using HSENet.Dicom.Series;

namespace HSENet.Dicom.Phantoms;

/// <summary>A procedural chest CT: geometry from drawn shapes, nobody's data. Same seed and grid, same voxels.</summary>
public static class ChestPhantom
{
    /// <summary>Draws a chest into the given grid (world box 360 x 360 x 320 mm), axes S, P, L.</summary>
    public static CtVolume Create(int seed, int slices, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slices);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var random = new PhantomRandom((uint)seed);
        var anatomy = new ChestAnatomy(random);
        var canvas = new PhantomCanvas(slices, rows, columns);
        anatomy.Paint(canvas);
        return new()
        {
            Hu = canvas.Finish(anatomy.Noise, random.Fork(100)),
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
