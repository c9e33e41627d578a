namespace HSENet.Trainer.Data.Augmentation;

/// <summary>Moves voxels of a row-major (D, H, W) volume without changing their values.</summary>
internal static class VolumeMoves
{
    /// <summary>Turns each plane from axis 1 towards axis 2 by quarter turns, as <c>numpy.rot90(volume, quarters, (1, 2))</c>; H equals W.</summary>
    public static float[] Rotate(float[] volume, (int D, int H, int W) size, int quarters)
    {
        var n = size.H;
        var result = new float[volume.Length];
        for (var d = 0; d < size.D; d++)
        {
            var source = volume.AsSpan(d * n * n, n * n);
            var target = result.AsSpan(d * n * n, n * n);
            for (var h = 0; h < n; h++)
            {
                for (var w = 0; w < n; w++)
                {
                    target[(h * n) + w] = quarters switch
                    {
                        1 => source[(w * n) + n - 1 - h],
                        2 => source[((n - 1 - h) * n) + n - 1 - w],
                        3 => source[((n - 1 - w) * n) + h],
                        _ => source[(h * n) + w],
                    };
                }
            }
        }

        return result;
    }

    /// <summary>Reads the given axes backwards.</summary>
    public static float[] Flip(float[] volume, (int D, int H, int W) size, bool depth, bool axis1, bool axis2)
    {
        var result = new float[volume.Length];
        for (var d = 0; d < size.D; d++)
        {
            for (var h = 0; h < size.H; h++)
            {
                var row = result.AsSpan(((d * size.H) + h) * size.W, size.W);
                volume.AsSpan((((depth ? size.D - 1 - d : d) * size.H) + (axis1 ? size.H - 1 - h : h)) * size.W, size.W).CopyTo(row);
                if (axis2)
                {
                    row.Reverse();
                }
            }
        }

        return result;
    }

    /// <summary>Moves the volume towards higher indices by the given voxels; what comes in repeats the border.</summary>
    public static float[] Move(float[] volume, (int D, int H, int W) size, (int D, int H, int W) by)
    {
        var result = new float[volume.Length];
        for (var d = 0; d < size.D; d++)
        {
            for (var h = 0; h < size.H; h++)
            {
                var row = result.AsSpan(((d * size.H) + h) * size.W, size.W);
                var source = volume.AsSpan(((Math.Clamp(d - by.D, 0, size.D - 1) * size.H) + Math.Clamp(h - by.H, 0, size.H - 1)) * size.W, size.W);
                var length = size.W - Math.Abs(by.W);
                source.Slice(Math.Max(-by.W, 0), length).CopyTo(row[Math.Max(by.W, 0)..]);
                row[..Math.Max(by.W, 0)].Fill(source[0]);
                row[(size.W - Math.Max(-by.W, 0))..].Fill(source[^1]);
            }
        }

        return result;
    }
}
