using System.Buffers.Binary;

namespace HSENet.Dicom.Codecs.Jpeg2000;

/// <summary>
/// The tile-parts of a codestream with one component (T.800 A.4.2). A decoder makes an image without those that are absent, and of zeros where data should be: whoever
/// reads it has to look first.
/// </summary>
internal ref struct TileParts
{
    private const int StartOfTilePart = 0xFF90;
    private const int StartOfData = 0xFF93;
    private const int EndOfCodestream = 0xFFD9;
    private const int SegmentBytes = 12;            // SOT with its marker

    /// <summary>Arithmetic coded data are no zeros for so long.</summary>
    private const int MostZeros = 256;

    /// <summary>Twice a pass of raw bits over the largest code-block.</summary>
    private const int MostRawZeros = 2048;

    /// <summary>However many packets may be empty: disks and networks lose pieces of 4 KiB.</summary>
    private const int MostZerosOfPackets = 4000;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly (long Width, long Height) _tile;
    private readonly int[] _seen;
    private readonly int[] _told;
    private CodingStyle? _style;
    private bool _isReversible = true;
    private int _position;

    private TileParts(ReadOnlySpan<byte> bytes, (long Width, long Height) tile, int tileCount)
    {
        _bytes = bytes;
        _tile = tile;
        _seen = new int[tileCount];
        _told = new int[tileCount];
        _position = 2;
    }

    /// <param name="codestream">Has passed <see cref="CodestreamHeader.Parse"/>.</param>
    /// <returns>What is absent or zeroed, null when all is there; and whether the wavelets that were met keep every bit.</returns>
    public static (string? Problem, bool IsReversible) Look(ReadOnlySpan<byte> codestream)
    {
        var siz = codestream[4..];
        var (width, height) = (Word(siz, 20), Word(siz, 24));
        var (right, bottom) = (Word(siz, 4) - Word(siz, 28), Word(siz, 8) - Word(siz, 32));
        var tileCount = ((right + width - 1) / width) * ((bottom + height - 1) / height);
        var parts = new TileParts(codestream, (Math.Min(width, right), Math.Min(height, bottom)), (int)tileCount);
        return (parts.Walk(), parts._isReversible);
    }

    private string? Walk()
    {
        if (ReadSegments(StartOfTilePart, "the codestream's main header") is { } bad)
            return bad;

        if (_style is null)
            return "the codestream has no coding style";

        while (Marker() == StartOfTilePart)
        {
            if (ReadTilePart() is { } problem)
                return problem;
        }

        if (Marker() != EndOfCodestream)
            return "the codestream has no end after its last tile-part";

        for (var tile = 0; tile < _seen.Length; tile++)
        {
            if (_seen[tile] == 0 || _seen[tile] < _told[tile])
                return $"{_seen[tile]} of {Math.Max(1, _told[tile])} parts of tile {tile + 1} of {_seen.Length} are there";
        }

        return null;
    }

    private string? ReadTilePart()
    {
        if (_bytes.Length - _position < SegmentBytes)
            return "the codestream ends within a tile-part";

        var start = _position;
        var segment = _bytes[start..];
        var tile = BinaryPrimitives.ReadUInt16BigEndian(segment[4..]);
        var length = (long)BinaryPrimitives.ReadUInt32BigEndian(segment[6..]);
        var (index, count) = (segment[10], segment[11]);
        if (BinaryPrimitives.ReadUInt16BigEndian(segment[2..]) != SegmentBytes - 2 || tile >= _seen.Length)
            return "a tile-part is of no tile of the image";

        // the last one may go to the end (T.800 A.4.2)
        var end = length == 0 ? _bytes.LastIndexOf([(byte)0xFF, (byte)0xD9]) : start + length;
        if (end > _bytes.Length || end < start + SegmentBytes)
            return "the codestream ends within a tile-part";

        if (index != _seen[tile] || (count != 0 && _told[tile] != 0 && count != _told[tile]) || (count != 0 && index >= count))
            return $"part {index + 1} of tile {tile + 1} comes after {_seen[tile]} of {Math.Max((int)count, _told[tile])}";

        _seen[tile]++;
        _told[tile] = Math.Max(count, _told[tile]);
        _position += SegmentBytes;
        var style = _style;
        if (ReadSegments(StartOfData, "a tile-part's header") is { } bad)
            return bad;

        if (_position + 2 > end)
            return "a tile-part is shorter than its header";

        var zeros = LongestZeros(_bytes[(_position + 2)..(int)end]);
        if (zeros > Allowed(_style!.Value))
            return $"{zeros} bytes of tile {tile + 1} are zeros";

        _style = style;
        _position = (int)end;
        return null;
    }

    private readonly int Allowed(CodingStyle style) => Math.Max(
        style.HasRawBits ? MostRawZeros : 0, Math.Min(MostZeros + style.MostEmptyPackets(_tile.Width, _tile.Height), MostZerosOfPackets));

    /// <summary>Up to the marker that ends them; it is the next one then.</summary>
    private string? ReadSegments(int last, string where)
    {
        while (Marker() is var marker && marker != last)
        {
            if (marker is < 0xFF50 or >= 0xFF90 || _bytes.Length - _position < 4)
                return $"{where} has marker {marker:X4} before its end";

            var length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_position + 2)..]);
            if (length < 2 || length > _bytes.Length - _position - 2)
                return $"the codestream ends within {where}";

            var segment = _bytes.Slice(_position + 4, length - 2);
            switch (marker)
            {
                case 0xFF52:
                    _style = CodingStyle.OfDefault(segment);
                    break;
                case 0xFF53 when _style is { } style && segment.Length > 0 && segment[0] == 0:
                    _style = style.WithComponent(segment);
                    break;
                default:
                    _position += 2 + length;
                    continue;
            }

            if (_style is not { } read)
                return $"{where} has a coding style that is none";

            _isReversible &= read.IsReversible;
            _position += 2 + length;
        }

        return null;
    }

    /// <returns>0 where there is none.</returns>
    private readonly int Marker() => _bytes.Length - _position < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_bytes[_position..]);

    private static long Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    private static int LongestZeros(ReadOnlySpan<byte> bytes)
    {
        var longest = 0;
        while (true)
        {
            var first = bytes.IndexOf((byte)0);
            if (first < 0)
                return longest;

            bytes = bytes[first..];
            var count = bytes.IndexOfAnyExcept((byte)0);
            longest = Math.Max(longest, count < 0 ? bytes.Length : count);
            if (count < 0)
                return longest;

            bytes = bytes[count..];
        }
    }
}
