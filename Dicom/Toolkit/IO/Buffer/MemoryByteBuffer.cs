namespace FellowOakDicom.IO.Buffer;

/// <summary>Bytes in memory. The array is not copied.</summary>
public sealed class MemoryByteBuffer : IByteBuffer
{
    public MemoryByteBuffer(byte[] data) => Data = data ?? throw new ArgumentNullException(nameof(data));

    public bool IsMemory => true;

    public byte[] Data { get; }

    public long Size => Data.Length;

    public void GetByteRange(long offset, int count, byte[] output) => Data.AsSpan(checked((int)offset), count).CopyTo(output);

    public void CopyToStream(Stream stream) => stream.Write(Data);

    public Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken) => stream.WriteAsync(Data, cancellationToken).AsTask();
}
