using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Writes one incoming instance to its file and hashes the data set on the way (the bytes after the file meta information, whose length
/// its group length tells). A failed write is kept for the answer instead of thrown: the association must live on.
/// </summary>
internal sealed class PartStream : Stream
{
    private const int HeadLength = 144;      // preamble 128, DICM 4, (0002,0000) UL 4: 8 + 4

    private readonly FileStream? _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[HeadLength];
    private long _position;
    private long? _dataSetOffset;

    /// <param name="path">The new file; null swallows everything.</param>
    public PartStream(string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            _file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0, // what comes is a PDU or the header: a buffer of that size would be copied through and thrown away for each instance
#pragma warning disable CA1416 // the service runs on Linux
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
#pragma warning restore CA1416
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
        }
    }

    /// <summary>The first failure; later bytes were dropped.</summary>
    public Exception? Failure { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Digest of the data set when it began where we took it to begin; else null.</summary>
    public byte[]? Digest(long dataSetOffset) => dataSetOffset == _dataSetOffset ? _hash.GetHashAndReset() : null;

    /// <summary>Forces the file's bytes to the disk.</summary>
    public void MakeDurable()
    {
        if (Failure is null)
        {
            Try(() => _file?.Flush(flushToDisk: true));
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            _file?.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
            return;
        }

        Hash(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Try(() => _file?.Dispose());
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Hash(ReadOnlySpan<byte> buffer)
    {
        var skip = 0;
        if (_position < HeadLength)
        {
            var count = (int)Math.Min(HeadLength - _position, buffer.Length);
            buffer[..count].CopyTo(_head.AsSpan((int)_position));
            if (_position + count == HeadLength && _head.AsSpan(128, 12).SequenceEqual("DICM\u0002\0\0\0UL\u0004\0"u8))
            {
                _dataSetOffset = HeadLength + (long)BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(140));
            }

            skip = count;
        }

        if (_dataSetOffset is { } offset)
        {
            skip = (int)Math.Clamp(offset - _position, skip, buffer.Length);
            _hash.AppendData(buffer[skip..]);
        }

        _position += buffer.Length;
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure ??= e;
        }
    }
}
