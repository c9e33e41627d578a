namespace FellowOakDicom.IO.Buffer;

/// <summary>Bytes that stay in a seekable stream, which the caller keeps open, until they are asked for.</summary>
internal sealed class StreamByteBuffer(Stream stream, long position, long size) : IByteBuffer
{
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
        stream.Position = position + offset;
        stream.ReadExactly(output, 0, count);
    }

    public void CopyToStream(Stream stream) => stream.Write(Data);

    public Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken) => stream.WriteAsync(Data, cancellationToken).AsTask();
}
