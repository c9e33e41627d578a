using System.Buffers.Binary;

namespace HSENet.Dicom.Codecs.JpegLossless;

/// <summary>Decodes the samples of a scan line by line (T.81 H.2).</summary>
internal ref struct LosslessImage(LosslessScan scan, int columns, Span<ushort> samples)
{
    /// <summary>Whole bytes that may be left after the last sample of an interval. More come of damage: the code falls into step again, with samples lost.</summary>
    private const int MostSpareBytes = 4;

    /// <summary>A code of 16 bits and 15 additional ones fit.</summary>
    private const int LeastBits = 32;

    private readonly Span<ushort> _samples = samples;
    private ulong _bits;
    private int _bitCount;
    private int _position;
    private bool _isBroken;

    /// <returns>Null, or what is wrong with the data.</returns>
    public string? Decode(EntropyData data)
    {
        var rows = _samples.Length / columns;
        var rowsOfInterval = scan.RestartInterval == 0 ? rows : scan.RestartInterval / columns;
        if (rowsOfInterval == 0 || (scan.RestartInterval != 0 && scan.RestartInterval % columns != 0))
            return $"the restart interval of {scan.RestartInterval} samples is no multiple of a line of {columns}"; // T.81 H.1.1

        for (var row = 0; row < rows; row += rowsOfInterval)
        {
            if (row > 0 && !data.TryRestart((row / rowsOfInterval - 1) & 7))
                return $"no restart marker before line {row + 1}";

            data.Next();
            var last = Math.Min(rows, row + rowsOfInterval);
            if (DecodeInterval(data.Interval, data.Length, row, last) is { } problem)
                return problem;
        }

        return null;
    }

    private string? DecodeInterval(ReadOnlySpan<byte> data, int length, int first, int end)
    {
        (_bits, _bitCount, _position) = (0, 0, 0);
        for (var row = first; row < end; row++)
        {
            var line = _samples.Slice(row * columns, columns);
            if (row == first)
                FirstLine(data, line);
            else
                Line(data, _samples.Slice((row - 1) * columns, columns), line);

            if (_isBroken)
                return $"line {row + 1} has bits that are no code";

            if (_position - _bitCount / 8 > length)
                return $"the codestream ends within line {row + 1}";
        }

        var spare = length - (_position - _bitCount / 8);
        return spare > MostSpareBytes ? $"{spare} bytes are left after line {end}" : null;
    }

    /// <summary>T.81 H.1.2.1: each sample by its left neighbour, the first one by half of the range.</summary>
    private void FirstLine(ReadOnlySpan<byte> data, Span<ushort> line)
    {
        line[0] = (ushort)((1 << (scan.Precision - scan.PointTransform - 1)) + FirstDifference(data));
        Rest<LeftPredictor>(data, line, line);
    }

    private void Line(ReadOnlySpan<byte> data, ReadOnlySpan<ushort> above, Span<ushort> line)
    {
        line[0] = (ushort)(above[0] + FirstDifference(data));
        switch (scan.Predictor)
        {
            case 1:
                Rest<LeftPredictor>(data, above, line);
                break;
            case 2:
                Rest<AbovePredictor>(data, above, line);
                break;
            case 3:
                Rest<AboveLeftPredictor>(data, above, line);
                break;
            case 4:
                Rest<PlanePredictor>(data, above, line);
                break;
            case 5:
                Rest<LeftHalfPredictor>(data, above, line);
                break;
            case 6:
                Rest<AboveHalfPredictor>(data, above, line);
                break;
            default:
                Rest<MeanPredictor>(data, above, line);
                break;
        }
    }

    private int FirstDifference(ReadOnlySpan<byte> data)
    {
        Refill(data, ref _bits, ref _bitCount, ref _position);
        return Difference(scan.Table, ref _bits, ref _bitCount, ref _isBroken);
    }

    /// <summary>All samples of a line but the first.</summary>
    private void Rest<TPredictor>(ReadOnlySpan<byte> data, ReadOnlySpan<ushort> above, Span<ushort> line)
        where TPredictor : struct, IPredictor
    {
        var table = scan.Table;
        var lookup = table.Lookup;
        var (bits, bitCount, position) = (_bits, _bitCount, _position);
        int left = line[0];
        int aboveLeft = above[0];
        above = above[..line.Length];
        for (var x = 1; x < line.Length; x++)
        {
            if (bitCount < LeastBits)
                Refill(data, ref bits, ref bitCount, ref position);

            int difference;
            var entry = lookup[(int)(bits >> (64 - HuffmanTable.LookupBits))];
            var length = entry & 0xFF;
            if (length != 0)
            {
                difference = entry >> 16;
                bits <<= length;
                bitCount -= length;
            }
            else
            {
                difference = LongDifference(table, entry, ref bits, ref bitCount, ref _isBroken);
            }

            int directlyAbove = above[x];
            left = (ushort)(TPredictor.Predict(left, directlyAbove, aboveLeft) + difference);
            aboveLeft = directlyAbove;
            line[x] = (ushort)left;
        }

        (_bits, _bitCount, _position) = (bits, bitCount, position);
    }

    private static int Difference(HuffmanTable table, ref ulong bits, ref int bitCount, ref bool isBroken)
    {
        var entry = table.Lookup[(int)(bits >> (64 - HuffmanTable.LookupBits))];
        var length = entry & 0xFF;
        if (length == 0)
            return LongDifference(table, entry, ref bits, ref bitCount, ref isBroken);

        bits <<= length;
        bitCount -= length;
        return entry >> 16;
    }

    /// <summary>Code and additional bits that are longer than the look-up.</summary>
    private static int LongDifference(HuffmanTable table, int entry, ref ulong bits, ref int bitCount, ref bool isBroken)
    {
        var (category, length) = entry == 0 ? table.Find(bits) : ((entry >> 8) & 0x1F, entry >> 16);
        isBroken |= length == 0;
        bits <<= length;
        bitCount -= length;
        if (category is 0 or 16)
            return category << 11;      // 2^15 for category 16 (T.81 table H.2)

        var additional = (int)(bits >> (64 - category));
        bits <<= category;
        bitCount -= category;
        return HuffmanTable.Extend(additional, category);
    }

    /// <summary>At least 56 bits from here on.</summary>
    private static void Refill(ReadOnlySpan<byte> data, ref ulong bits, ref int bitCount, ref int position)
    {
        bits |= BinaryPrimitives.ReadUInt64BigEndian(data[position..]) >> bitCount;
        position += (63 - bitCount) >> 3;
        bitCount |= 56;
    }
}
