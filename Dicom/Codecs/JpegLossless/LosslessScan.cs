using System.Buffers.Binary;

namespace HSENet.Dicom.Codecs.JpegLossless;

/// <summary>The one scan of a lossless image with one component: what its header and the segments before it say (T.81 B.2.3, B.2.4).</summary>
internal sealed class LosslessScan
{
    private const byte Marker = 0xFF;
    private const byte DefineHuffmanTables = 0xC4;
    private const byte DefineRestartInterval = 0xDD;
    private const byte StartOfScan = 0xDA;

    private readonly HuffmanTable?[] _tables = new HuffmanTable?[4];

    private LosslessScan(int precision) => Precision = precision;

    /// <summary>Bits of a sample.</summary>
    public int Precision { get; }

    /// <summary>Selection value of the predictor, 1 to 7 (T.81 table H.1).</summary>
    public int Predictor { get; private set; }

    /// <summary>Low bits that were cut off before compression.</summary>
    public int PointTransform { get; private set; }

    /// <summary>Samples between restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    public HuffmanTable Table { get; private set; } = null!;

    /// <summary>Where the entropy coded data begin.</summary>
    public int DataOffset { get; private set; }

    /// <param name="codestream">Has passed <see cref="CodestreamHeader.Parse"/>.</param>
    /// <param name="precision">Of its frame header.</param>
    public static (LosslessScan? Scan, string? Problem) Parse(ReadOnlySpan<byte> codestream, int precision)
    {
        if (precision is < 2 or > 16)
            return (null, $"JPEG Lossless has 2 to 16 bits a sample, not {precision}");

        var scan = new LosslessScan(precision);
        var problem = scan.Read(codestream);
        return problem is null ? (scan, null) : (null, problem);
    }

    private string? Read(ReadOnlySpan<byte> bytes)
    {
        var position = 2;
        while (true)
        {
            while (position + 1 < bytes.Length && bytes[position] == Marker && bytes[position + 1] == Marker)
                position++;

            if (position + 4 > bytes.Length || bytes[position] != Marker)
                return "the codestream has no scan";

            var marker = bytes[position + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 2)..]);
            if (length < 2 || length > bytes.Length - position - 2)
                return $"the codestream ends within marker segment {marker:X2}";

            var segment = bytes.Slice(position + 4, length - 2);
            position += 2 + length;
            var problem = marker switch
            {
                DefineHuffmanTables => ReadTables(segment),
                DefineRestartInterval => ReadRestartInterval(segment),
                StartOfScan => ReadScanHeader(segment),
                _ => null,
            };
            if (problem is not null)
                return problem;

            if (marker == StartOfScan)
            {
                DataOffset = position;
                return null;
            }
        }
    }

    private string? ReadTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var length = HuffmanTable.SegmentLength(segment);
            if (length > segment.Length)
                return "a Huffman table ends too early";

            var (isOther, place) = (segment[0] >> 4 != 0, segment[0] & 0x0F);
            if (place >= _tables.Length)
                return $"there is no place {place} for a Huffman table";

            if (!isOther)
            {
                if (HuffmanTable.Build(segment[1..length]) is not { } table)
                    return "a Huffman table is no code for differences of samples";

                _tables[place] = table;
            }

            segment = segment[length..];
        }

        return null;
    }

    private string? ReadRestartInterval(ReadOnlySpan<byte> segment)
    {
        if (segment.Length != 2)
            return "the restart interval has another length than 2 bytes";

        RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
        return null;
    }

    private string? ReadScanHeader(ReadOnlySpan<byte> segment)
    {
        if (segment.Length != 6 || segment[0] != 1)
            return "the scan has not one component";

        (Predictor, PointTransform) = (segment[3], segment[5] & 0x0F);
        if (Predictor is < 1 or > 7)
            return $"there is no predictor {Predictor}";

        if (PointTransform >= Precision)
            return $"the point transform is {PointTransform} of {Precision} bits";

        var place = segment[2] >> 4;
        if (place >= _tables.Length || _tables[place] is not { } table)
            return "the scan's Huffman table is not defined";

        Table = table;
        return null;
    }
}
