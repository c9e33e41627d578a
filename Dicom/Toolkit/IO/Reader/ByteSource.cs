using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.IO.Reader;

/// <summary>
/// Reads forward through a stream and knows what remains, so that no length that a sender wrote is believed: memory grows with the bytes
/// that are really there.
/// </summary>
internal sealed class ByteSource
{
    private const int Chunk = 1 << 16;
    private const int UntoldPart = 1 << 20;
    private readonly Stream _stream;
    private readonly string? _path;
    private readonly long _origin;
    private readonly byte[] _window = new byte[Chunk];
    private int _start;
    private int _count;

    /// <param name="stream">Read from where it is.</param>
    /// <param name="path">The file behind the stream, for values that are read on demand.</param>
    internal ByteSource(Stream stream, string? path = null)
    {
        _stream = stream;
        _path = path;
        _origin = stream.CanSeek ? stream.Position : 0;
        End = stream.CanSeek ? stream.Length - _origin : long.MaxValue;
    }

    /// <summary>Bytes read so far.</summary>
    internal long Position { get; private set; }

    /// <summary>Bytes in all; <see cref="long.MaxValue"/> when the stream does not tell.</summary>
    internal long End { get; }

    /// <summary>The next bytes without consuming them; fewer at the end of the input.</summary>
    internal ReadOnlySpan<byte> Peek(int length)
    {
        if (_count < length)
        {
            _window.AsSpan(_start, _count).CopyTo(_window);
            _start = 0;
            _count += _stream.ReadAtLeast(_window.AsSpan(_count), length - _count, throwOnEndOfStream: false);
        }

        return _window.AsSpan(_start, Math.Min(length, _count));
    }

    /// <summary>Consumes bytes that have been peeked at.</summary>
    internal void Advance(int length)
    {
        _start += length;
        _count -= length;
        Position += length;
    }

    /// <exception cref="DicomDataException">The input ends before.</exception>
    internal byte[] ReadBytes(long length)
    {
        if (length > End - Position || length > Array.MaxLength)
        {
            throw Truncated(length);
        }

        if (End != long.MaxValue || length <= Chunk)
        {
            var bytes = new byte[length];
            Fill(bytes, length);
            return bytes;
        }

        // The stream does not tell its length: a length that is not true must not cost memory
        var parts = new List<byte[]>();
        for (var left = length; left > 0; left -= parts[^1].Length)
        {
            parts.Add(new byte[Math.Min(left, UntoldPart)]);
            Fill(parts[^1], length);
        }

        var whole = new byte[length];
        for (var index = 0; index < parts.Count; index++)
        {
            parts[index].CopyTo(whole, (long)index * UntoldPart);
        }

        return whole;
    }

    /// <summary>Stands for bytes that stay where they are until they are asked for; reads them when they cannot be had later.</summary>
    internal IByteBuffer Defer(long length)
    {
        if (!_stream.CanSeek || length > End - Position)
        {
            return new MemoryByteBuffer(ReadBytes(length));
        }

        var position = _origin + Position;
        Skip(length);
        return _path is null ? new StreamByteBuffer(_stream, position, length) : new FileByteBuffer(_path, position, length);
    }

    /// <exception cref="DicomDataException">The input ends before.</exception>
    internal void Skip(long length)
    {
        if (length > End - Position)
        {
            throw Truncated(length);
        }

        while (length > 0)
        {
            if (_stream.CanSeek && length > _count)
            {
                _stream.Seek(_origin + Position + length, SeekOrigin.Begin);
                Position += length;
                _start = _count = 0;
                return;
            }

            var part = Peek((int)Math.Min(length, Chunk)).Length;
            if (part == 0)
            {
                throw Truncated(length);
            }

            Advance(part);
            length -= part;
        }
    }

    /// <summary>Takes what comes next, as much as there is room or input for.</summary>
    internal int Read(Span<byte> bytes)
    {
        var next = Peek(1).Length == 0 ? 0 : Math.Min(_count, bytes.Length);
        _window.AsSpan(_start, next).CopyTo(bytes);
        Advance(next);
        return next;
    }

    /// <summary>Skips what is left when it consists of zero bytes only.</summary>
    internal bool SkipZeros()
    {
        while (true)
        {
            var bytes = Peek(Chunk);
            if (bytes.IndexOfAnyExcept((byte)0) >= 0)
            {
                return false;
            }

            if (bytes.Length == 0)
            {
                return true;
            }

            Advance(bytes.Length);
        }
    }

    private void Fill(byte[] bytes, long wanted)
    {
        var buffered = Math.Min(_count, bytes.Length);
        _window.AsSpan(_start, buffered).CopyTo(bytes);
        Advance(buffered);
        var read = _stream.ReadAtLeast(bytes.AsSpan(buffered), bytes.Length - buffered, throwOnEndOfStream: false);
        Position += read;
        if (buffered + read < bytes.Length)
        {
            throw Truncated(wanted);
        }
    }

    private DicomDataException Truncated(long length) =>
        new($"Truncated: {length} bytes are announced at offset {Position}, and the input ends before");
}
