using System.Buffers;
using System.Buffers.Binary;
using HSENet.Dicom.Codecs.JpegLossless;

namespace HSENet.Dicom.Codecs.Jpeg;

/// <summary>
/// Walks the one scan of a sequential JPEG image with one component without decoding it (T.81 F.2.2): as many blocks as the image has, restart markers in their order,
/// nothing after the last block. A decoder that finds too few blocks, or finds its way again after damage, leaves parts of the image grey or moved and tells nobody.
/// </summary>
internal ref struct BlockScan
{
    private const byte Marker = 0xFF;
    private const byte DefineHuffmanTables = 0xC4;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte DefineRestartInterval = 0xDD;

    private const int Side = 8;
    private const int Coefficients = 64;

    /// <summary>What a block can take: a code of 16 bits and 15 more for each coefficient. The buffer has zeros for so many samples after its data.</summary>
    private const int SamplesAhead = Coefficients;

    /// <summary>Whole bytes that may be left after the last block of an interval.</summary>
    private const int MostSpareBytes = 1;

    /// <summary>More zeros come of damage, unless zeros are the code of blocks without a difference: 63 coefficients of the same value do not follow each other.</summary>
    private const int MostZeros = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly BlockCode?[] _codes = new BlockCode?[8];      // four for DC, four for AC
    private readonly int _blockCount;
    private BlockCode _dc = null!;
    private BlockCode _ac = null!;
    private int _restartInterval;
    private int _position = 2;
    private ulong _bits;
    private int _bitCount;
    private int _next;

    private BlockScan(ReadOnlySpan<byte> bytes, int blockCount)
    {
        _bytes = bytes;
        _blockCount = blockCount;
    }

    /// <param name="codestream">Has passed <see cref="CodestreamHeader.Parse"/>; without pad bytes after its end.</param>
    /// <param name="header">What it gave.</param>
    /// <returns>Null, or what is wrong with the scan.</returns>
    public static string? Problem(ReadOnlySpan<byte> codestream, CodestreamHeader header)
    {
        var blocks = (header.Width + Side - 1) / Side * ((header.Height + Side - 1) / Side);
        var scan = new BlockScan(codestream, checked((int)blocks));
        return scan.ReadSegments() ?? scan.Walk();
    }

    private string? Walk()
    {
        var data = _bytes[_position..];
        ReadOnlySpan<byte> zeros = stackalloc byte[MostZeros];
        if ((_dc.Find(0).Symbol, _ac.Find(0).Symbol) != (0, 0) && data.IndexOf(zeros) is var at and >= 0)
            return $"{MostZeros} bytes from {_position + at} on are zeros";

        var buffer = ArrayPool<byte>.Shared.Rent(EntropyData.BufferLength(data.Length, SamplesAhead));
        try
        {
            var entropy = new EntropyData(data, buffer, SamplesAhead);
            var interval = _restartInterval == 0 ? _blockCount : _restartInterval;
            for (var first = 0; first < _blockCount; first += interval)
            {
                if (first > 0 && !entropy.TryRestart((first / interval - 1) & 7))
                    return $"no restart marker {(first / interval - 1) & 7} before block {first + 1}";

                entropy.Next();
                if (WalkInterval(entropy.Interval, entropy.Length, first, Math.Min(_blockCount, first + interval)) is { } problem)
                    return problem;
            }

            return entropy.IsLast(EndOfImage) ? null : $"more follows after the last of {_blockCount} blocks";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string? WalkInterval(ReadOnlySpan<byte> data, int length, int first, int end)
    {
        (_bits, _bitCount, _next) = (0, 0, 0);
        for (var block = first; block < end; block++)
        {
            if (!PassBlock(data))
                return $"block {block + 1} of {_blockCount} has bits that are no code";

            if (_next - _bitCount / 8 > length)
                return $"the codestream ends within block {block + 1} of {_blockCount}";
        }

        var spare = length - (_next - _bitCount / 8);
        return spare > MostSpareBytes ? $"{spare} bytes are left after block {end} of {_blockCount}" : null;
    }

    /// <summary>T.81 F.2.2.1, F.2.2.2.</summary>
    private bool PassBlock(ReadOnlySpan<byte> data)
    {
        Refill(data);
        var (category, length) = _dc.Find(_bits);
        if (length == 0 || category > 15)
            return false;

        Pass(length + category);
        for (var k = 1; k < Coefficients; k++)
        {
            Refill(data);
            (var symbol, length) = _ac.Find(_bits);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (length == 0 || (size == 0 && run is not (0 or 15)))
                return false;

            Pass(length + size);
            if (symbol == 0)
                return true;

            k += run;
            if (k >= Coefficients)
                return false;
        }

        return true;
    }

    private void Pass(int count)
    {
        _bits <<= count;
        _bitCount -= count;
    }

    /// <summary>At least 56 bits from here on.</summary>
    private void Refill(ReadOnlySpan<byte> data)
    {
        _bits |= BinaryPrimitives.ReadUInt64BigEndian(data[_next..]) >> _bitCount;
        _next += (63 - _bitCount) >> 3;
        _bitCount |= 56;
    }

    private string? ReadSegments()
    {
        while (true)
        {
            while (_position + 1 < _bytes.Length && _bytes[_position] == Marker && _bytes[_position + 1] == Marker)
                _position++;

            if (_position + 4 > _bytes.Length || _bytes[_position] != Marker)
                return "the codestream has no scan";

            var marker = _bytes[_position + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_position + 2)..]);
            if (length < 2 || length > _bytes.Length - _position - 2)
                return $"the codestream ends within marker segment {marker:X2}";

            var segment = _bytes.Slice(_position + 4, length - 2);
            _position += 2 + length;
            switch (marker)
            {
                case DefineHuffmanTables when !TryReadCodes(segment):
                    return "a Huffman table is no code";
                case DefineRestartInterval when segment.Length != 2:
                    return "the restart interval has another length than 2 bytes";
                case DefineRestartInterval:
                    _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case StartOfScan:
                    return ReadScanHeader(segment);
            }
        }
    }

    private readonly bool TryReadCodes(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var length = HuffmanTable.SegmentLength(segment);
            var (kind, place) = (segment[0] >> 4, segment[0] & 0x0F);
            if (length > segment.Length || kind > 1 || place > 3 || BlockCode.Build(segment[1..length]) is not { } code)
                return false;

            _codes[4 * kind + place] = code;
            segment = segment[length..];
        }

        return true;
    }

    private string? ReadScanHeader(ReadOnlySpan<byte> segment)
    {
        if (segment.Length != 6 || segment[0] != 1)
            return "the scan has not one component";

        if (segment[3] != 0 || segment[4] != Coefficients - 1 || segment[5] != 0)
            return "the scan does not hold all coefficients";

        var (dc, ac) = (segment[2] >> 4, segment[2] & 0x0F);
        if (dc > 3 || ac > 3 || _codes[dc] is not { } first || _codes[4 + ac] is not { } other)
            return "the scan's Huffman tables are not defined";

        (_dc, _ac) = (first, other);
        return null;
    }
}
