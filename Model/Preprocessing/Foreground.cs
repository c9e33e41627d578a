namespace HSENet.Model.Preprocessing;

/// <summary>The value range of a resampled volume and the box of everything above its minimum.</summary>
/// <param name="Minimum">Smallest value (float32, as the reference normalises).</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Start">First voxel of the box.</param>
/// <param name="Size">Voxels of the box.</param>
internal sealed record Foreground(float Minimum, float Maximum, (int D, int H, int W) Start, (int D, int H, int W) Size)
{
    private readonly float _range = Math.Max(Maximum - Minimum, 1e-8f);

    /// <summary>Min-max scaling over the whole volume.</summary>
    public float Normalize(float value) => (value - Minimum) / _range;

    /// <exception cref="HSENetModelException"><c>model.input</c>: every voxel has the same value.</exception>
    public static Foreground Find(ResampledVolume volume, ParallelOptions parallel)
    {
        var planes = new PlaneExtent[volume.Size.D];
        Parallel.For(
            0,
            planes.Length,
            parallel,
            () => (Workspace: volume.NewWorkspace(), Plane: new double[volume.PlaneSize]),
            (d, _, local) =>
            {
                volume.ComputePlane(d, local.Workspace, local.Plane);
                planes[d] = PlaneExtent.Of(local.Plane, volume.Size.W);
                return local;
            },
            _ => { });

        var (minimum, maximum) = (planes.Min(p => p.Minimum), planes.Max(p => p.Maximum));
        if (!(maximum > minimum))
        {
            throw new HSENetModelException("model.input", "The volume has a single value inside the window: nothing to report on.");
        }

        var (d0, d1, h0, h1, w0, w1) = (int.MaxValue, -1, int.MaxValue, -1, int.MaxValue, -1);
        for (var d = 0; d < planes.Length; d++)
        {
            // a plane that never reaches the volume's minimum is foreground as a whole
            var box = planes[d].Minimum > minimum ? (H0: 0, H1: volume.Size.H - 1, W0: 0, W1: volume.Size.W - 1) : planes[d].Box;
            if (box.H1 >= 0)
            {
                (d0, d1) = (Math.Min(d0, d), d);
                (h0, h1, w0, w1) = (Math.Min(h0, box.H0), Math.Max(h1, box.H1), Math.Min(w0, box.W0), Math.Max(w1, box.W1));
            }
        }

        return new Foreground(minimum, maximum, (d0, h0, w0), (d1 - d0 + 1, h1 - h0 + 1, w1 - w0 + 1));
    }

    /// <summary>The value range of one plane and the box of everything above the plane's own minimum (H1 &lt; 0: nothing is).</summary>
    private readonly record struct PlaneExtent(float Minimum, float Maximum, (int H0, int H1, int W0, int W1) Box)
    {
        public static PlaneExtent Of(ReadOnlySpan<double> plane, int width)
        {
            float minimum = float.PositiveInfinity, maximum = float.NegativeInfinity;
            foreach (var value in plane)
            {
                minimum = Math.Min(minimum, (float)value);
                maximum = Math.Max(maximum, (float)value);
            }

            var (h0, h1, w0, w1) = (int.MaxValue, -1, int.MaxValue, -1);
            for (var h = 0; h * width < plane.Length; h++)
            {
                var row = plane.Slice(h * width, width);
                var first = FirstAbove(row, minimum);
                if (first < 0)
                {
                    continue;
                }

                (h0, h1) = (Math.Min(h0, h), h);
                (w0, w1) = (Math.Min(w0, first), Math.Max(w1, LastAbove(row, minimum)));
            }

            return new PlaneExtent(minimum, maximum, (h0, h1, w0, w1));
        }

        private static int FirstAbove(ReadOnlySpan<double> row, float minimum)
        {
            var w = 0;
            while (w < row.Length && !((float)row[w] > minimum))
            {
                w++;
            }

            return w < row.Length ? w : -1;
        }

        private static int LastAbove(ReadOnlySpan<double> row, float minimum)
        {
            var w = row.Length - 1;
            while (!((float)row[w] > minimum))
            {
                w--;
            }

            return w;
        }
    }
}
