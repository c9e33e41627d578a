using static TorchSharp.torch;

namespace HSENet.Model.Preprocessing;

/// <summary>
/// Brings 8-bit slices to the input of the 2D encoder: shorter side to the encoder's size (bicubic, antialiased), centre crop, grey to three
/// channels, 0..1, normalised by channel.
/// </summary>
internal static class SliceImages
{
    private static readonly float[] s_mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] s_deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <param name="slices">The slices.</param>
    /// <param name="image">Side of the encoder's input, pixels.</param>
    /// <returns>[S, 3, image, image] float32 on the CPU; the caller owns it</returns>
    public static Tensor ToTensor(SliceStack slices, int image)
    {
        var pixels = new float[(long)slices.Count * 3 * image * image];
        for (var s = 0; s < slices.Count; s++)
        {
            var square = ToSquare(slices.Slice(s), slices.Height, slices.Width, image);
            for (var channel = 0; channel < 3; channel++)
            {
                var target = pixels.AsSpan(((s * 3) + channel) * square.Length, square.Length);
                for (var i = 0; i < square.Length; i++)
                {
                    target[i] = ((square[i] / 255f) - s_mean[channel]) / s_deviation[channel];
                }
            }
        }

        return tensor(pixels, [slices.Count, 3, image, image]);
    }

    /// <returns>[image, image] row-major</returns>
    internal static byte[] ToSquare(ReadOnlySpan<byte> slice, int height, int width, int image)
    {
        var newHeight = height <= width ? image : (int)((double)image * height / width);
        var newWidth = width <= height ? image : (int)((double)image * width / height);
        var resized = BicubicResize.Resize(slice, height, width, newHeight, newWidth);
        var (top, left) = (CropStart(newHeight, image), CropStart(newWidth, image));
        var square = new byte[image * image];
        for (var row = 0; row < image; row++)
        {
            resized.AsSpan(((top + row) * newWidth) + left, image).CopyTo(square.AsSpan(row * image));
        }

        return square;
    }

    private static int CropStart(int length, int crop) => (int)Math.Round((length - crop) / 2.0, MidpointRounding.ToEven);
}
