using System.Buffers;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Identity;

/// <summary>Values as little endian has them (PS3.5 7.3): of big endian, each number's bytes are turned around.</summary>
internal static class LittleEndianBytes
{
    private const int PieceLength = 16 << 10;

    public delegate void Piece(ReadOnlySpan<byte> bytes);

    /// <summary>Bytes of one number; 1 where nothing is to be turned.</summary>
    public static int Width(DataSetEncoding encoding, ushort vr)
    {
        if (!encoding.IsBigEndian)
            return 1;
        return ((char)(vr >> 8), (char)(vr & 0xFF)) switch
        {
            ('U', 'S') or ('S', 'S') or ('O', 'W') or ('A', 'T') => 2,
            ('U', 'L') or ('S', 'L') or ('F', 'L') or ('O', 'F') or ('O', 'L') => 4,
            ('F', 'D') or ('O', 'D') or ('O', 'V') or ('S', 'V') or ('U', 'V') => 8,
            _ => 1,
        };
    }

    public static void Swap(Span<byte> bytes, int width)
    {
        for (var i = 0; width > 1 && i + width <= bytes.Length; i += width)
            bytes.Slice(i, width).Reverse();
    }

    /// <summary>Leaves the value behind.</summary>
    public static void Read(ScanReader reader, long length, int width, Piece take)
    {
        var turned = width > 1 ? ArrayPool<byte>.Shared.Rent(PieceLength) : null;
        try
        {
            while (length > 0)
            {
                var count = (int)Math.Min(length, PieceLength);
                if (!reader.TryPeek(count, out var piece))
                    throw new EndOfStreamException("the file became shorter while it was read");
                if (turned is not null)
                {
                    piece.CopyTo(turned);
                    Swap(turned.AsSpan(0, count), width);
                    piece = turned.AsSpan(0, count);
                }

                take(piece);
                reader.Skip(count);
                length -= count;
            }
        }
        finally
        {
            if (turned is not null)
                ArrayPool<byte>.Shared.Return(turned);
        }
    }
}
