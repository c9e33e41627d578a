namespace FellowOakDicom.IO.Buffer;

/// <summary>No bytes.</summary>
public sealed class EmptyBuffer : IByteBuffer
{
    public static readonly IByteBuffer Value = new EmptyBuffer();

    private EmptyBuffer()
    {
    }

    public bool IsMemory => true;

    public byte[] Data => [];

    public long Size => 0;

    public void GetByteRange(long offset, int count, byte[] output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(count, 0);
    }

    public void CopyToStream(Stream stream)
    {
    }

    public Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken) => Task.CompletedTask;
}
