using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FellowOakDicom.IO.Buffer;

/// <summary>Bytes of another buffer in the other byte order, unit by unit; a rest smaller than a unit stays as it is.</summary>
internal sealed class SwappedByteBuffer : IByteBuffer
{
    private const int Chunk = 1 << 16;
    private readonly IByteBuffer _inner;
    private readonly int _unit;

    private SwappedByteBuffer(IByteBuffer inner, int unit) => (_inner, _unit) = (inner, unit);

    public bool IsMemory => _inner.IsMemory;

    public long Size => _inner.Size;

    public byte[] Data => Swapped((byte[])_inner.Data.Clone(), _unit);

    /// <summary>The buffer that keeps its bytes elsewhere; null when they are in memory.</summary>
    internal FileByteBuffer? File => _inner as FileByteBuffer;

    /// <summary>What is in memory is swapped at once, what is elsewhere when it is asked for.</summary>
    internal static IByteBuffer Of(IByteBuffer buffer, int unit) =>
        buffer.Size == 0 ? buffer
        : buffer is MemoryByteBuffer memory ? new MemoryByteBuffer(Swapped((byte[])memory.Data.Clone(), unit))
        : new SwappedByteBuffer(buffer, unit);

    public void GetByteRange(long offset, int count, byte[] output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + count, Size);
        var start = offset / _unit * _unit;
        var whole = new byte[Math.Min(Size, (offset + count + _unit - 1) / _unit * _unit) - start];
        _inner.GetByteRange(start, whole.Length, whole);
        Swapped(whole, _unit).AsSpan((int)(offset - start), count).CopyTo(output);
    }

    public void CopyToStream(Stream stream)
    {
        for (long offset = 0; offset < Size; offset += Chunk)
        {
            stream.Write(ChunkAt(offset));
        }
    }

    public async Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (long offset = 0; offset < Size; offset += Chunk)
        {
            await stream.WriteAsync(ChunkAt(offset), cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte[] Swapped(byte[] bytes, int unit)
    {
        var whole = bytes.AsSpan(0, bytes.Length / unit * unit);
        switch (unit)
        {
            case 2:
                Reverse(MemoryMarshal.Cast<byte, ushort>(whole));
                break;
            case 4:
                Reverse(MemoryMarshal.Cast<byte, uint>(whole));
                break;
            case 8:
                Reverse(MemoryMarshal.Cast<byte, ulong>(whole));
                break;
        }

        return bytes;
    }

    private static void Reverse(Span<ushort> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<uint> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<ulong> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private byte[] ChunkAt(long offset)
    {
        var part = new byte[Math.Min(Chunk, Size - offset)];
        _inner.GetByteRange(offset, part.Length, part);
        return Swapped(part, _unit);
    }
}
