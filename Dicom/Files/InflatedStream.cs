using System.IO.Compression;

namespace HSENet.Dicom.Files;

/// <summary>
/// The inflated data set of a deflated file (PS3.5 A.5, RFC 1951), read through a small buffer: nothing is held. Going back inflates again from the start. A stream that
/// is cut short or damaged ends where it can no longer be inflated.
/// </summary>
internal sealed class InflatedStream : Stream
{
    private readonly Stream _file;
    private readonly long _offset;
    private readonly byte[] _discarded = new byte[8 * 1024];
    private DeflateStream _inflater;
    private long _inflated;
    private long _position;

    /// <param name="file">The file; stays open.</param>
    /// <param name="offset">Where the deflated data set begins.</param>
    /// <param name="maximumLength">Inflating stops there.</param>
    public InflatedStream(Stream file, long offset, long maximumLength)
    {
        _file = file;
        _offset = offset;
        _inflater = Restart();
        Length = Measure(maximumLength);
        IsTooLong = Length > maximumLength;
        _position = 0;
    }

    /// <summary>Bytes that can be inflated; when <see cref="IsTooLong"/>, those that were.</summary>
    public override long Length { get; }

    public bool IsTooLong { get; }

    /// <summary>The compressed bytes end too early or are damaged.</summary>
    public bool IsDamaged { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position < _inflated)
        {
            _inflater.Dispose();
            _inflater = Restart();
        }

        while (_inflated < _position)
        {
            var skipped = Inflate(_discarded.AsSpan(0, (int)Math.Min(_discarded.Length, _position - _inflated)));
            if (skipped == 0)
                return 0;
        }

        var read = Inflate(buffer);
        _position += read;
        return read;
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
        if (disposing)
            _inflater.Dispose();
        base.Dispose(disposing);
    }

    private long Measure(long maximumLength)
    {
        while (_inflated <= maximumLength && Inflate(_discarded) > 0)
        {
        }

        return _inflated;
    }

    private DeflateStream Restart()
    {
        _file.Position = _offset;
        _inflated = 0;
        return new DeflateStream(_file, CompressionMode.Decompress, leaveOpen: true);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            var read = _inflater.Read(buffer);
            _inflated += read;
            return read;
        }
        catch (InvalidDataException)
        {
            IsDamaged = true;
            return 0;
        }
    }
}
