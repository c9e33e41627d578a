namespace HSENet.Model.Preprocessing;

/// <summary>
/// Takes evenly spaced slices of a volume, scales them to 8 bit and turns them by 90 degrees. CT-RATE: each slice on its own, clockwise; a volume
/// with fewer slices than wanted is interpolated along the depth axis. BIMCV-R: all slices alike, counter-clockwise; fewer slices repeat.
/// </summary>
internal static class SliceSampler
{
    private static readonly HuWindow s_unlimited = new(short.MinValue, short.MaxValue);

    public static SliceStack Take(ResampledVolume volume, int count, ParallelOptions parallel)
    {
        var planes = volume.Size.D >= count
            ? LinearAxis.Picking(volume.Size.D, EvenlySpacedIndices(volume.Size.D, count))
            : LinearAxis.InDouble(volume.Size.D, count);
        var stack = new SliceStack(new byte[count * volume.PlaneSize], count, volume.Size.W, volume.Size.H);
        Parallel.For(
            0,
            count,
            parallel,
            () => (Workspace: volume.NewWorkspace(), Plane: new double[volume.PlaneSize], Other: new double[volume.PlaneSize]),
            (s, _, local) =>
            {
                volume.ComputePlane(planes.Lower[s], local.Workspace, local.Plane);
                if (planes.Weight[s] > 0)
                {
                    volume.ComputePlane(planes.Upper[s], local.Workspace, local.Other);
                    Blend(local.Plane, local.Other, planes.Weight[s]);
                }

                ToBytesClockwise(local.Plane, volume.Size.H, volume.Size.W, stack.Pixels.AsSpan(s * volume.PlaneSize, volume.PlaneSize));
                return local;
            },
            _ => { });
        return stack;
    }

    /// <summary>Indices from 0 to depth - 1 in equal steps of single precision, rounded down; the second half is counted from the end.</summary>
    internal static int[] EvenlySpacedIndices(int depth, int count)
    {
        var indices = new int[count];
        var step = count > 1 ? (depth - 1f) / (count - 1) : 0f;
        for (var i = 0; i < count; i++)
        {
            indices[i] = (int)(i < count / 2 || count == 1 ? step * i : depth - 1f - (step * (count - 1 - i)));
        }

        return indices;
    }

    /// <summary>The BIMCV-R variant: no window, the value range of the whole volume.</summary>
    /// <param name="source">The volume, not resampled.</param>
    /// <param name="count">Slices to take.</param>
    /// <param name="parallel">Where to stop.</param>
    public static SliceStack TakeBimcv(OrientedVolume source, int count, ParallelOptions parallel)
    {
        var (depth, height, width) = source.Size;
        var stack = new SliceStack(new byte[count * height * width], count, width, height);
        var ranges = new (double Low, double High)[depth];
        Parallel.For(0, depth, parallel, () => new double[height * width], (d, _, plane) =>
        {
            source.CopyPlane(d, s_unlimited, plane);
            ranges[d] = (plane.Min(), plane.Max());
            return plane;
        }, _ => { });
        var low = ranges.Min(range => range.Low);
        var range = ranges.Max(range => range.High) - low;
        Parallel.For(0, count, parallel, () => new double[height * width], (s, _, plane) =>
        {
            source.CopyPlane(s == 0 || s < count - 1 ? (int)((depth - 1.0) / Math.Max(count - 1, 1) * s) : depth - 1, s_unlimited, plane);
            var turned = stack.Pixels.AsSpan(s * plane.Length, plane.Length);
            for (var i = 0; i < plane.Length && range > 0; i++)
            {
                turned[((width - 1 - (i % width)) * height) + (i / width)] = (byte)((plane[i] - low) / range * 255);
            }

            return plane;
        }, _ => { });
        return stack;
    }

    private static void Blend(Span<double> plane, ReadOnlySpan<double> other, double weight)
    {
        for (var i = 0; i < plane.Length; i++)
        {
            plane[i] = ((1 - weight) * plane[i]) + (weight * other[i]);
        }
    }

    /// <summary>Single precision from here on, as in the reference: the truncation to 8 bit shows the difference.</summary>
    private static void ToBytesClockwise(ReadOnlySpan<double> plane, int height, int width, Span<byte> turned)
    {
        float minimum = float.PositiveInfinity, maximum = float.NegativeInfinity;
        foreach (var value in plane)
        {
            minimum = Math.Min(minimum, (float)value);
            maximum = Math.Max(maximum, (float)value);
        }

        var range = maximum - minimum;
        for (var h = 0; h < height && range > 0; h++)
        {
            for (var w = 0; w < width; w++)
            {
                turned[(w * height) + (height - 1 - h)] = (byte)(((float)plane[(h * width) + w] - minimum) / range * 255f);
            }
        }
    }
}
