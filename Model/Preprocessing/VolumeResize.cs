namespace HSENet.Model.Preprocessing;

/// <summary>Crops, normalises and resizes a resampled volume to the network's volume (trilinear, corners not aligned, no antialiasing).</summary>
internal static class VolumeResize
{
    /// <returns>Row-major (depth, axis 1, axis 2) of <paramref name="image"/>, 0..1</returns>
    public static float[] ToImage(ResampledVolume volume, Foreground foreground, (int D, int H, int W) image, ParallelOptions parallel)
    {
        var result = new float[image.Volume()];
        var depth = LinearAxis.InSingle(foreground.Size.D, image.D);
        var height = LinearAxis.InSingle(foreground.Size.H, image.H);
        var width = LinearAxis.InSingle(foreground.Size.W, image.W);
        Parallel.For(
            0,
            image.D,
            parallel,
            () => (Workspace: volume.NewWorkspace(), Lower: new double[volume.PlaneSize], Upper: new double[volume.PlaneSize]),
            (d, _, local) =>
            {
                Normalized(volume, foreground, depth.Lower[d], local.Workspace, local.Lower);
                Normalized(volume, foreground, depth.Upper[d], local.Workspace, local.Upper);
                var plane = result.AsSpan(d * image.H * image.W, image.H * image.W);
                Blend(local.Lower, local.Upper, depth.Weight[d], volume.Size.W, foreground, height, width, plane);
                return local;
            },
            _ => { });
        return result;
    }

    private static void Normalized(
        ResampledVolume volume, Foreground foreground, int croppedDepth, ResampledVolume.Workspace workspace, double[] plane)
    {
        volume.ComputePlane(foreground.Start.D + croppedDepth, workspace, plane);
        for (var i = 0; i < plane.Length; i++)
        {
            plane[i] = foreground.Normalize((float)plane[i]);
        }
    }

    private static void Blend(
        double[] lower, double[] upper, double weight, int stride, Foreground foreground, LinearAxis height, LinearAxis width, Span<float> result)
    {
        for (var h = 0; h < height.Length; h++)
        {
            var row0 = ((foreground.Start.H + height.Lower[h]) * stride) + foreground.Start.W;
            var row1 = ((foreground.Start.H + height.Upper[h]) * stride) + foreground.Start.W;
            for (var w = 0; w < width.Length; w++)
            {
                var (w0, w1) = (width.Lower[w], width.Upper[w]);
                var near = Bilinear(lower[row0 + w0], lower[row0 + w1], lower[row1 + w0], lower[row1 + w1], height.Weight[h], width.Weight[w]);
                var far = Bilinear(upper[row0 + w0], upper[row0 + w1], upper[row1 + w0], upper[row1 + w1], height.Weight[h], width.Weight[w]);
                result[(h * width.Length) + w] = (float)(((1 - weight) * near) + (weight * far));
            }
        }
    }

    private static double Bilinear(double v00, double v01, double v10, double v11, double h, double w) =>
        ((1 - h) * (((1 - w) * v00) + (w * v01))) + (h * (((1 - w) * v10) + (w * v11)));
}
