namespace HSENet.Model.Preprocessing;

/// <summary>
/// What a grey 8-bit image becomes when it is written as baseline JPEG and read again, as libjpeg does both: blocks of 8 x 8 completed with the
/// last column and row, the "islow" integer transform (Loeffler, Ligtenberg, Moschytz 1989, 13-bit constants, two more bits between the passes),
/// the luminance table of ITU-T T.81 Annex K.1 scaled by the quality. Entropy coding loses nothing, so there is none here. The published slice
/// features were made from such files.
/// </summary>
internal static class SliceJpeg
{
    private const int Side = 8;
    private const int Level = 128;
    private const int ConstantBits = 13;
    private const int PassBits = 2;
    private const int ScaleBits = 3;   // the forward transform is scaled by 8, in each direction by the root of it

    /// <summary>T.81 table K.1, row by row.</summary>
    private static readonly int[] s_luminance =
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    /// <summary>
    /// Left half of the transform's matrix, a row for each frequency; the right half mirrors it, with the other sign in odd rows. The entries are
    /// sums of the algorithm's rounded constants, which is why some differ by one from the rounded cosine.
    /// </summary>
    private static readonly int[,] s_matrix =
    {
        { 8192, 8192, 8192, 8192 },
        { 11363, 9633, 6437, 2260 },
        { 10703, 4433, -4433, -10703 },
        { 9633, -2259, -11362, -6436 },
        { 8192, -8192, -8192, 8192 },
        { 6437, -11362, 2261, 9633 },
        { 4433, -10704, 10704, -4433 },
        { 2260, -6436, 9633, -11363 },
    };

    /// <param name="slices">Replaced slice by slice.</param>
    /// <param name="quality">1..100.</param>
    /// <param name="parallel">Where to stop.</param>
    public static void Apply(SliceStack slices, int quality, ParallelOptions parallel) => Parallel.For(0, slices.Count, parallel, index =>
        Apply(slices.Pixels.AsSpan(index * slices.Height * slices.Width, slices.Height * slices.Width), slices.Height, slices.Width, quality));

    /// <param name="pixels">[height, width] row-major, overwritten.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="quality">1..100.</param>
    public static void Apply(Span<byte> pixels, int height, int width, int quality)
    {
        var table = Table(quality);
        Span<int> block = stackalloc int[Side * Side];
        for (var top = 0; top < height; top += Side)
        {
            for (var left = 0; left < width; left += Side)
            {
                for (var i = 0; i < block.Length; i++)
                {
                    var (row, column) = (Math.Min(top + (i / Side), height - 1), Math.Min(left + (i % Side), width - 1));
                    block[i] = pixels[(row * width) + column] - Level;
                }

                Forward(block);
                Quantize(block, table);
                Inverse(block);
                for (var row = top; row < Math.Min(top + Side, height); row++)
                {
                    for (var column = left; column < Math.Min(left + Side, width); column++)
                    {
                        pixels[(row * width) + column] = (byte)Math.Clamp(block[((row - top) * Side) + column - left] + Level, 0, 255);
                    }
                }
            }
        }
    }

    private static int[] Table(int quality)
    {
        var scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        return [.. s_luminance.Select(entry => Math.Clamp(((entry * scale) + 50) / 100, 1, 255))];
    }

    /// <summary>Rows, then columns.</summary>
    private static void Forward(Span<int> block)
    {
        for (var line = 0; line < Side; line++)
        {
            ForwardLine(block, line * Side, 1, ConstantBits - PassBits);
        }

        for (var line = 0; line < Side; line++)
        {
            ForwardLine(block, line, Side, ConstantBits + PassBits);
        }
    }

    private static void ForwardLine(Span<int> block, int start, int step, int shift)
    {
        Span<int> sums = stackalloc int[Side / 2], differences = stackalloc int[Side / 2];
        for (var n = 0; n < sums.Length; n++)
        {
            var (near, far) = (block[start + (n * step)], block[start + ((Side - 1 - n) * step)]);
            (sums[n], differences[n]) = (near + far, near - far);
        }

        for (var k = 0; k < Side; k++)
        {
            var half = k % 2 == 0 ? sums : differences;
            var value = (s_matrix[k, 0] * half[0]) + (s_matrix[k, 1] * half[1]) + (s_matrix[k, 2] * half[2]) + (s_matrix[k, 3] * half[3]);
            block[start + (k * step)] = Descale(value, shift);
        }
    }

    /// <summary>Columns, then rows.</summary>
    private static void Inverse(Span<int> block)
    {
        for (var line = 0; line < Side; line++)
        {
            InverseLine(block, line, Side, ConstantBits - PassBits);
        }

        for (var line = 0; line < Side; line++)
        {
            InverseLine(block, line * Side, 1, ConstantBits + PassBits + ScaleBits);
        }
    }

    private static void InverseLine(Span<int> block, int start, int step, int shift)
    {
        Span<int> line = stackalloc int[Side];
        for (var k = 0; k < Side; k++)
        {
            line[k] = block[start + (k * step)];
        }

        for (var n = 0; n < Side / 2; n++)
        {
            var even = (s_matrix[0, n] * line[0]) + (s_matrix[2, n] * line[2]) + (s_matrix[4, n] * line[4]) + (s_matrix[6, n] * line[6]);
            var odd = (s_matrix[1, n] * line[1]) + (s_matrix[3, n] * line[3]) + (s_matrix[5, n] * line[5]) + (s_matrix[7, n] * line[7]);
            block[start + (n * step)] = Descale(even + odd, shift);
            block[start + ((Side - 1 - n) * step)] = Descale(even - odd, shift);
        }
    }

    /// <summary>To the nearest multiple of the table's entry, halves away from zero.</summary>
    private static void Quantize(Span<int> block, int[] table)
    {
        for (var i = 0; i < block.Length; i++)
        {
            var divisor = table[i] << ScaleBits;
            block[i] = Math.Sign(block[i]) * ((Math.Abs(block[i]) + (divisor >> 1)) / divisor) * table[i];
        }
    }

    private static int Descale(int value, int shift) => (value + (1 << (shift - 1))) >> shift;
}
