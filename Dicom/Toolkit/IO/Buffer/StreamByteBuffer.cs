namespace FellowOakDicom.IO.Buffer;

/// <summary>Bytes that stay in a seekable stream, which the caller keeps open, until they are asked for.</summary>
internal sealed class StreamByteBuffer(Stream source, long position, long size) : IByteBuffer
{
    private const int Chunk = 1 << 16;

    public bool IsMemory => false;

    public long Size => size;

    public byte[] Data
    {
        get
        {
            var bytes = new byte[size];
            GetByteRange(0, bytes.Length, bytes);
            return bytes;
        }
    }

    public void GetByteRange(long offset, int count, byte[] output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + count, size);
        source.Position = position + offset;
        source.ReadExactly(output, 0, count);
    }

    public void CopyToStream(Stream stream)
    {
        for (long offset = 0; offset < size; offset += Chunk)
        {
            stream.Write(ChunkAt(offset));
        }
    }

    public async Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (long offset = 0; offset < size; offset += Chunk)
        {
            await stream.WriteAsync(ChunkAt(offset), cancellationToken).ConfigureAwait(false);
        }
    }

    private byte[] ChunkAt(long offset)
    {
        var part = new byte[Math.Min(Chunk, size - offset)];
        GetByteRange(offset, part.Length, part);
        return part;
    }
}
