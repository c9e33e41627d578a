using HSENet.Dicom.Series;

namespace HSENet.Dicom.Content;

/// <summary>
/// A volume in block means of about 4 mm, enough to see organs and too coarse to see noise. Index (slice * Rows + row) * Columns + column; slices ascend to the head,
/// rows to the back, columns to the left of the patient, as the header tells it.
/// </summary>
internal sealed class CoarseGrid
{
    private const double BlockMm = 4;
    private const int MostInPlane = 192;
    private const int MostSlices = 640;

    private CoarseGrid(int slices, int rows, int columns, (double Slice, double Row, double Column) mm)
    {
        (Slices, Rows, Columns, Mm) = (slices, rows, columns, mm);
        Hu = new short[slices * rows * columns];
    }

    /// <summary>HU, mean of each block.</summary>
    public short[] Hu { get; }

    public int Slices { get; }

    public int Rows { get; }

    public int Columns { get; }

    public (double Slice, double Row, double Column) Mm { get; }

    public double VoxelMillilitres => Mm.Slice * Mm.Row * Mm.Column / 1000;

    /// <summary>Area of one voxel in the axial plane, cm².</summary>
    public double VoxelSquareCentimetres => Mm.Row * Mm.Column / 100;

    /// <summary>The rim that fills no whole block is left out, at most one block of 4 mm.</summary>
    public static CoarseGrid Of(CtVolume volume)
    {
        var isTurned = volume.Axes.Row is 'L' or 'R'; // rows run across the patient
        var (forward, leftward) = isTurned ? (volume.Axes.Column, volume.Axes.Row) : (volume.Axes.Row, volume.Axes.Column);
        var (slice, row, column) = (
            Block(volume.SliceSpacingMm, volume.SliceCount, MostSlices), Block(volume.RowSpacingMm, volume.Rows, MostInPlane),
            Block(volume.ColumnSpacingMm, volume.Columns, MostInPlane));
        var (rows, columns) = (volume.Rows / row, volume.Columns / column);
        var mm = (Slice: slice * volume.SliceSpacingMm, Row: row * volume.RowSpacingMm, Column: column * volume.ColumnSpacingMm);
        var grid = isTurned
            ? new CoarseGrid(volume.SliceCount / slice, columns, rows, (mm.Slice, mm.Column, mm.Row))
            : new CoarseGrid(volume.SliceCount / slice, rows, columns, mm);

        Parallel.For(0, grid.Slices, z =>
        {
            var sums = new long[rows * columns];
            for (var s = z * slice; s < (z + 1) * slice; s++)
            {
                for (var r = 0; r < rows * row; r++)
                    AddRow(volume.Hu.AsSpan((s * volume.Rows + r) * volume.Columns, columns * column), column, sums.AsSpan(r / row * columns, columns));
            }

            for (var i = 0; i < sums.Length; i++)
            {
                var (r, c) = (i / columns, i % columns);
                var (toBack, toLeft) = isTurned ? (c, r) : (r, c);
                toBack = forward == 'A' ? grid.Rows - 1 - toBack : toBack;
                toLeft = leftward == 'R' ? grid.Columns - 1 - toLeft : toLeft;
                grid.Hu[(z * grid.Rows + toBack) * grid.Columns + toLeft] = (short)Math.Round((double)sums[i] / (slice * row * column));
            }
        });
        return grid;
    }

    private static int Block(double spacingMm, int count, int most) =>
        Math.Clamp(Math.Max((int)Math.Round(BlockMm / spacingMm), (count + most - 1) / most), 1, count);

    private static void AddRow(ReadOnlySpan<short> hu, int block, Span<long> sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var sum = 0L;
            foreach (var value in hu.Slice(i * block, block))
                sum += Math.Max(value, (short)-1024); // padding is air

            sums[i] += sum;
        }
    }
}
