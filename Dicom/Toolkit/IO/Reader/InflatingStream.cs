using System.IO.Compression;

namespace FellowOakDicom.IO.Reader;

/// <summary>
/// A deflated data set (PS3.5 A.5), behind the file meta information of a file or in a message: a raw deflate stream (RFC 1951). What comes out
/// is limited by what went in, since a kilobyte can stand for a megabyte, or by a number of bytes where there is one for the data set as a whole;
/// and a stream that ends before its last block is refused.
/// </summary>
internal sealed class InflatingStream : Stream
{
    /// <summary>Bytes that may come out of however little.</summary>
    internal const long AlwaysAllowed = 64L << 20;

    /// <summary>Bytes that may come out beyond that for each that went in. Images deflate to a half or a third.</summary>
    internal const long AllowedPerByte = 32;

    private readonly Input _input;
    private readonly DeflateStream _inflate;
    private readonly long? _limit;
    private long _length;

    /// <param name="source">At the first byte of the deflate stream; read to its end.</param>
    /// <param name="limit">Bytes that may come out; null: as many as go with what went in.</param>
    internal InflatingStream(ByteSource source, long? limit = null)
    {
        _limit = limit;
        _input = new Input(source);
        _inflate = new DeflateStream(_input, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <exception cref="DatasetTooLongException">More than the limit came out.</exception>
    /// <exception cref="DicomDataException">Damaged, cut, or larger than allowed.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _inflate.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw new DicomDataException($"The deflated data set is damaged after {_length} bytes");
        }

        if (count == 0 && buffer.Length > 0 && _input.IsExhausted)
        {
            throw new DicomDataException($"The deflated data set ends before its last block, after {_length} bytes");
        }

        _length += count;
        if (_length > _limit)
        {
            throw new DatasetTooLongException($"The deflated data set becomes more than {_limit} bytes");
        }

        return _length <= AlwaysAllowed + (AllowedPerByte * _input.Count) ? count
            : throw new DicomDataException($"The deflated data set becomes more than {AllowedPerByte} times as large as it is in the file");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _inflate.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The rest of the source. Asked for more than there is only by a stream whose last block has not come.</summary>
    private sealed class Input(ByteSource source) : MemoryStream
    {
        internal long Count { get; private set; }

        internal bool IsExhausted { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var count = source.Read(buffer);
            IsExhausted |= count == 0 && buffer.Length > 0;
            Count += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
