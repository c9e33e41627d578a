namespace HSENet.Dicom.Files;

/// <summary>Small window over a seekable stream: peeks a few bytes, skips any distance without reading it.</summary>
internal sealed class ScanReader
{
    private const int WindowSize = 16 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _window = new byte[WindowSize];
    private long _windowStart;
    private int _windowLength;

    public ScanReader(Stream stream)
    {
        if (!stream.CanSeek)
            throw new ArgumentException("The scan needs a seekable stream.", nameof(stream));
        _stream = stream;
        Length = stream.Length;
    }

    /// <summary>Bytes of the stream when the scan began.</summary>
    public long Length { get; }

    public long Position { get; private set; }

    public long Remaining => Length - Position;

    /// <summary>Shows the next bytes without moving. False when the stream ends before them.</summary>
    public bool TryPeek(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count > Remaining)
            return false;
        var offset = Position - _windowStart;
        if ((offset < 0 || offset + count > _windowLength) && !Fill(count))
            return false;
        bytes = _window.AsSpan((int)(Position - _windowStart), count);
        return true;
    }

    /// <param name="count">At most <see cref="Remaining"/>.</param>
    public void Skip(long count) => Position += count;

    public void MoveTo(long position) => Position = position;

    private bool Fill(int count)
    {
        _stream.Position = Position;
        _windowStart = Position;
        _windowLength = _stream.ReadAtLeast(_window, count, throwOnEndOfStream: false);
        return _windowLength >= count;
    }
}
