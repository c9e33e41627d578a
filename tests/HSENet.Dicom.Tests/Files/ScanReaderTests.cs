using HSENet.Dicom.Files;

namespace HSENet.Dicom.Tests.Files;

public sealed class ScanReaderTests
{
    [Theory]
    [InlineData(126)]
    [InlineData(1084)]
    [InlineData(16380)]
    [InlineData(40000)]
    public void A_walk_forward_never_sets_the_stream_back(int step)
    {
        using var stream = new ForwardStream(4 << 20);
        var reader = new ScanReader(stream);
        while (reader.TryPeek(12, out var bytes))
        {
            for (var i = 0; i < 12; i++)
                Assert.Equal(ForwardStream.At(reader.Position + i), bytes[i]);
            if (reader.Remaining < 12 + step)
                break;
            reader.Skip(12 + step);
        }

        Assert.True(reader.Position > (4 << 20) - step - 24);
        Assert.Equal(0, stream.SetBackCount);
    }

    [Fact]
    public void A_move_back_shows_what_is_there()
    {
        using var stream = new ForwardStream(100_000);
        var reader = new ScanReader(stream);
        reader.Skip(50_000);
        Assert.True(reader.TryPeek(12, out _));
        reader.MoveTo(3);
        Assert.True(reader.TryPeek(12, out var bytes));
        Assert.Equal(ForwardStream.At(3), bytes[0]);
    }

    /// <summary>Known bytes; counts how often it is set back behind what was read, which costs an inflating stream all it has done.</summary>
    private sealed class ForwardStream(long length) : Stream
    {
        private long _read;
        private long _position;

        public int SetBackCount { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set
            {
                SetBackCount += value < _read ? 1 : 0;
                _position = value;
            }
        }

        public static byte At(long position) => (byte)(position * 31 ^ position >> 8);

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(Math.Min(count, 5000), length - _position);
            for (var i = 0; i < read; i++)
                buffer[offset + i] = At(_position + i);
            _position += read;
            _read = _position;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
