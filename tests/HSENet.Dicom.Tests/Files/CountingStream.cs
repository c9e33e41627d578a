namespace HSENet.Dicom.Tests.Files;

/// <summary>A head followed by as many zeros as wanted, without holding them; counts what is read.</summary>
internal sealed class CountingStream(byte[] head, long zeros) : Stream
{
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => head.Length + zeros;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, Length - Position);
        for (var i = 0; i < count; i++)
            buffer[i] = Position + i < head.Length ? head[Position + i] : (byte)0;
        Position += count;
        BytesRead += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
