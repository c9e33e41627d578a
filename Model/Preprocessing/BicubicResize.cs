namespace HSENet.Model.Preprocessing;

/// <summary>
/// Bicubic resizing of 8-bit images with antialiasing, as Pillow does it: a = -0.5, the kernel widened by the reduction, weights in 22-bit fixed
/// point, rounded to 8 bit after the horizontal and again after the vertical pass. The published slice features were made with it.
/// </summary>
internal static class BicubicResize
{
    private const double Support = 2.0;
    private const double A = -0.5;
    private const int FractionBits = 22;

    /// <param name="pixels">[height, width] row-major.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="newHeight">Rows of the result.</param>
    /// <param name="newWidth">Columns of the result.</param>
    /// <returns>[newHeight, newWidth] row-major</returns>
    public static byte[] Resize(ReadOnlySpan<byte> pixels, int height, int width, int newHeight, int newWidth)
    {
        var wide = new byte[height * newWidth];
        Along(pixels, wide, lines: height, lineStride: width, newLineStride: newWidth, from: width, to: newWidth, step: 1, newStep: 1);
        var result = new byte[newHeight * newWidth];
        Along(wide, result, lines: newWidth, lineStride: 1, newLineStride: 1, from: height, to: newHeight, step: newWidth, newStep: newWidth);
        return result;
    }

    private static void Along(
        ReadOnlySpan<byte> source, Span<byte> target, int lines, int lineStride, int newLineStride, int from, int to, int step, int newStep)
    {
        if (from == to)
        {
            source.CopyTo(target);
            return;
        }

        for (var i = 0; i < to; i++)
        {
            var (first, weights) = Weights(i, from, to);
            for (var line = 0; line < lines; line++)
            {
                var sum = 1 << (FractionBits - 1);
                var position = (line * lineStride) + (first * step);
                foreach (var weight in weights)
                {
                    sum += source[position] * weight;
                    position += step;
                }

                target[(line * newLineStride) + (i * newStep)] = (byte)Math.Clamp(sum >> FractionBits, 0, 255);
            }
        }
    }

    /// <returns>The first input sample of output sample <paramref name="index"/> and the weights from there on, in fixed point</returns>
    private static (int First, int[] Weights) Weights(int index, int from, int to)
    {
        var scale = (double)from / to;
        var widening = Math.Max(scale, 1);
        var centre = (index + 0.5) * scale;
        var first = Math.Max((int)(centre - (Support * widening) + 0.5), 0);
        var end = Math.Min((int)(centre + (Support * widening) + 0.5), from);
        var exact = new double[end - first];
        for (var i = 0; i < exact.Length; i++)
        {
            exact[i] = Kernel((i + first - centre + 0.5) / widening);
        }

        var total = exact.Sum();
        return (first, [.. exact.Select(w => (int)Math.Round(w / total * (1 << FractionBits), MidpointRounding.AwayFromZero))]);
    }

    private static double Kernel(double x)
    {
        x = Math.Abs(x);
        return x switch
        {
            < 1 => ((((A + 2) * x) - (A + 3)) * x * x) + 1,
            < 2 => ((((x - 5) * x) + 8) * x * A) - (4 * A),
            _ => 0,
        };
    }
}
