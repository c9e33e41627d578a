using FellowOakDicom.Network.Tls;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>A handshake that does nothing but count what is written afterwards.</summary>
internal sealed class CountingTls : ITlsAcceptor
{
    private int _writes;

    public int Writes => Volatile.Read(ref _writes);

    public Stream AcceptTls(Stream encryptedStream, string remoteAddress, int localPort) => new CountingStream(encryptedStream, this);

    private sealed class CountingStream(Stream inner, CountingTls owner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref owner._writes);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count)
        {
            Interlocked.Increment(ref owner._writes);
            inner.Write(buffer, offset, count);
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
