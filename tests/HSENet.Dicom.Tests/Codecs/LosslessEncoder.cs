using System.Numerics;

namespace HSENet.Dicom.Tests.Codecs;

/// <summary>Writes JPEG Lossless codestreams with what DCMTK's encoder does not write: restart intervals, point transforms, long codes, any precision.</summary>
internal sealed record LosslessEncoder(int Rows, int Columns, int Precision)
{
    public int Predictor { get; init; } = 1;

    public int PointTransform { get; init; }

    /// <summary>Lines between restart markers; 0 for none.</summary>
    public int RestartLines { get; init; }

    /// <summary>Codes of up to 16 bits instead of 5 bits each.</summary>
    public bool HasLongCodes { get; init; }

    /// <summary>Zeros between the last sample and the end of image.</summary>
    public int SpareBytes { get; init; }

    public byte[] Encode(ushort[] samples)
    {
        List<byte> bytes = [0xFF, 0xD8];
        Segment(bytes, 0xC3, [(byte)Precision, (byte)(Rows >> 8), (byte)Rows, (byte)(Columns >> 8), (byte)Columns, 1, 1, 0x11, 0]);
        var lengths = CodeLengths();
        Segment(bytes, 0xC4, [0, .. Enumerable.Range(1, 16).Select(l => (byte)lengths.Count(x => x == l)), .. Enumerable.Range(0, 17).Select(i => (byte)i)]);
        if (RestartLines > 0)
            Segment(bytes, 0xDD, [(byte)(RestartLines * Columns >> 8), (byte)(RestartLines * Columns)]);
        Segment(bytes, 0xDA, [1, 1, 0, (byte)Predictor, 0, (byte)PointTransform]);
        Data(bytes, samples, Codes(lengths), lengths);
        bytes.AddRange(new byte[SpareBytes]);
        bytes.AddRange([0xFF, 0xD9]);
        return [.. bytes];
    }

    private void Data(List<byte> bytes, ushort[] samples, int[] codes, int[] lengths)
    {
        var (bits, count) = (0UL, 0);
        for (var row = 0; row < Rows; row++)
        {
            var isFirst = row == 0 || (RestartLines > 0 && row % RestartLines == 0);
            if (isFirst && row > 0)
            {
                Flush();
                bytes.AddRange([0xFF, (byte)(0xD0 + (row / RestartLines - 1) % 8)]);
            }

            for (var column = 0; column < Columns; column++)
            {
                int At(int r, int c) => samples[r * Columns + c] >> PointTransform;
                var prediction = isFirst
                    ? column == 0 ? 1 << (Precision - PointTransform - 1) : At(row, column - 1)
                    : column == 0 ? At(row - 1, 0) : Predict(At(row, column - 1), At(row - 1, column), At(row - 1, column - 1));
                var difference = (short)(At(row, column) - prediction);
                var category = difference == short.MinValue ? 16 : 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(difference));
                Put((uint)codes[category], lengths[category]);
                if (category is > 0 and < 16)
                    Put((uint)(difference > 0 ? difference : difference + (1 << category) - 1), category);
            }
        }

        Flush();

        void Put(uint value, int length)
        {
            bits = bits << length | value;
            for (count += length; count >= 8; count -= 8)
            {
                var one = (byte)(bits >> (count - 8));
                bytes.Add(one);
                if (one == 0xFF)
                    bytes.Add(0);
            }
        }

        void Flush()
        {
            if (count > 0)
                Put((1u << (8 - count)) - 1, 8 - count);
        }
    }

    private int Predict(int a, int b, int c) => Predictor switch
    {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + ((b - c) >> 1),
        6 => b + ((a - c) >> 1),
        _ => (a + b) >> 1,
    };

    private int[] CodeLengths() => HasLongCodes ? [.. Enumerable.Range(1, 14), 16, 16, 16] : [.. Enumerable.Repeat(5, 17)];

    private static int[] Codes(int[] lengths)
    {
        var codes = new int[lengths.Length];
        for (var i = 1; i < lengths.Length; i++)
            codes[i] = (codes[i - 1] + 1) << (lengths[i] - lengths[i - 1]);

        return codes;
    }

    private static void Segment(List<byte> bytes, byte marker, byte[] content) =>
        bytes.AddRange([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content]);
}
