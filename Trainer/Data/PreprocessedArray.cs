using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Data;

/// <summary>A volume that the reference's scripts preprocessed: 1 x D x H x W, 0..1 (hsenet.md 3.1, step 8).</summary>
internal static class PreprocessedArray
{
    /// <exception cref="TrainerException"><c>npy.format</c>; <c>data.shape</c>: another size; <c>data.range</c>: values outside of 0..1.</exception>
    public static float[] Read(string path, (int D, int H, int W) image)
    {
        var (shape, values) = NpyFile.Read(path);
        if (shape is not ([1, _, _, _] or [_, _, _]) || (shape[^3], shape[^2], shape[^1]) != image)
        {
            throw new TrainerException("data.shape", $"the array is {string.Join(" x ", shape)} instead of 1 x {image.D} x {image.H} x {image.W}.");
        }

        return values.AsSpan().ContainsAnyExceptInRange(0f, 1f) ? throw new TrainerException("data.range", "the array holds values outside of 0..1.") : values;
    }
}
