using System.Buffers.Binary;
using System.Numerics;

namespace HSENet.Trainer.Training.Records;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) and its masked form of TFRecord files.</summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xa282ead8;
    private const int MaskRotation = 15;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>A checksum of data that may hold checksums.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => unchecked(BitOperations.RotateRight(Of(bytes), MaskRotation) + MaskDelta);
}
