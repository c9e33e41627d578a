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

    /// <summary>Reads on from the end of the window where it can: a stream that inflates has to begin anew to go back.</summary>
    private bool Fill(int count)
    {
        var end = _windowStart + _windowLength;
        var kept = Position >= _windowStart && Position < end ? (int)(end - Position) : 0;
        _window.AsSpan(_windowLength - kept, kept).CopyTo(_window);
        _stream.Position = Position + kept;
        _windowStart = Position;
        _windowLength = kept + _stream.ReadAtLeast(_window.AsSpan(kept), count - kept, throwOnEndOfStream: false);
        return _windowLength >= count;
    }
}
