namespace HSENet.Dicom.Phantoms;

/// <summary>A grid of HU over the world box that shapes are painted into, later ones over earlier ones.</summary>
internal sealed class PhantomCanvas
{
    public const double WidthMm = 360;
    public const double DepthMm = 360;
    public const double HeightMm = 320;

    private const double LowestHu = -1024;
    private const double HighestHu = 3071;

    private readonly float[] _hu;

    public PhantomCanvas(int slices, int rows, int columns)
    {
        (Slices, Rows, Columns) = (slices, rows, columns);
        _hu = new float[(long)slices * rows * columns];
        Array.Fill(_hu, (float)Tissue.Air.Hu);
    }

    public int Slices { get; }

    public int Rows { get; }

    public int Columns { get; }

    public double SliceMm => HeightMm / Slices;

    public double RowMm => DepthMm / Rows;

    public double ColumnMm => WidthMm / Columns;

    public void Paint(IShape shape, Tissue tissue) => Paint(shape, tissue.At);

    /// <param name="shape">Where.</param>
    /// <param name="tissue">What.</param>
    /// <param name="texture">Standard deviation of its unevenness, HU.</param>
    /// <param name="random">Drawn from voxel by voxel.</param>
    public void Paint(IShape shape, Tissue tissue, double texture, PhantomRandom random) =>
        Paint(shape, (in WorldPoint p) => (float)(tissue.At(p) + texture * random.Gaussians().A));

    private delegate float Density(in WorldPoint p);

    /// <summary>What is done in a voxel of a shape.</summary>
    /// <param name="voxel">Its index, row-major.</param>
    /// <param name="p">Its centre.</param>
    public delegate void Visitor(long voxel, in WorldPoint p);

    /// <summary>Calls for each voxel whose centre lies in the shape.</summary>
    public static void Visit(IShape shape, int slices, int rows, int columns, Visitor visitor)
    {
        var (sliceMm, rowMm, columnMm) = (HeightMm / slices, DepthMm / rows, WidthMm / columns);
        var box = shape.Box;
        var (z0, z1) = Range(box.Z0, box.Z1, sliceMm, slices);
        var (y0, y1) = Range(box.Y0, box.Y1, rowMm, rows);
        var (x0, x1) = Range(box.X0, box.X1, columnMm, columns);
        for (var z = z0; z <= z1; z++)
        {
            for (var y = y0; y <= y1; y++)
            {
                var line = ((long)z * rows + y) * columns;
                for (var x = x0; x <= x1; x++)
                {
                    var p = new WorldPoint((x + 0.5) * columnMm, (y + 0.5) * rowMm, (z + 0.5) * sliceMm);
                    if (shape.Contains(p))
                        visitor(line + x, p);
                }
            }
        }
    }

    private void Paint(IShape shape, Density density) =>
        Visit(shape, Slices, Rows, Columns, (long voxel, in WorldPoint p) => _hu[voxel] = density(p));

    /// <summary>Adds the scanner's noise and rounds. Slices draw from their own streams: the same voxels whatever the order they are done in.</summary>
    public short[] Finish(double noise, PhantomRandom random)
    {
        var hu = new short[_hu.LongLength];
        var frame = Rows * Columns;
        Parallel.For(0, Slices, slice =>
        {
            var stream = random.Fork((ulong)slice);
            var start = slice * frame;
            for (var i = 0; i < frame; i += 2)
            {
                var (a, b) = stream.Gaussians();
                hu[start + i] = Round(_hu[start + i] + noise * a);
                if (i + 1 < frame)
                    hu[start + i + 1] = Round(_hu[start + i + 1] + noise * b);
            }
        });
        return hu;
    }

    private static short Round(double hu) => (short)Math.Round(Math.Clamp(hu, LowestHu, HighestHu));

    /// <summary>Indices of the voxels whose centres lie between two places.</summary>
    private static (int First, int Last) Range(double from, double to, double step, int count) =>
        ((int)Math.Clamp(Math.Ceiling(from / step - 0.5), 0, count), (int)Math.Clamp(Math.Floor(to / step - 0.5), -1, count - 1));
}
