namespace HSENet.Model.Preprocessing;

/// <summary>
/// Takes evenly spaced slices of a resampled volume, scales each to 8 bit on its own and turns it by 90 degrees clockwise. A volume with fewer
/// slices than wanted is interpolated along the depth axis.
/// </summary>
internal static class SliceSampler
{
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
