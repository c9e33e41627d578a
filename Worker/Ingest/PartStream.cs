using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Writes one incoming instance to its file. A long one is hashed on the way (the data set: the bytes after the file meta information, whose length its group
/// length tells); a short one is hashed when it is there, while the disk is busy with it. A failed write is kept for the answer instead of thrown: the association
/// must live on.
/// </summary>
internal sealed class PartStream : Stream
{
    /// <summary>Up to here an instance is hashed from the page cache in less time than the disk takes to sync it.</summary>
    public const int LongBytes = 4 << 20;

    /// <summary>Bytes of one instance after which the free space is looked at again: no single one may use up what is kept free.</summary>
    public const int LookAgainBytes = 64 << 20;

    /// <summary>How much of its beginning is kept of one that is in no file: the UIDs of study and series stand within the first kilobytes.</summary>
    private const int BeginningLength = 64 << 10;

    private const int HeadLength = 144;      // preamble 128, DICM 4, (0002,0000) UL 4: 8 + 4

    private readonly FileStream? _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[HeadLength];
    private readonly long _longBytes;
    private readonly Func<bool>? _isShort;
    private long _position;
    private long _nextLook = LookAgainBytes;
    private long? _dataSetOffset;
    private bool _isHashing;
    private MemoryStream? _beginning;

    /// <param name="file">Where the bytes go; null swallows everything.</param>
    /// <param name="longBytes">From which length on it is hashed on the way.</param>
    /// <param name="isShort">Whether less than the minimum is free; null: always enough.</param>
    public PartStream(PartFile? file, long longBytes = LongBytes, Func<bool>? isShort = null)
    {
        _isShort = isShort;
        _file = file?.Stream;
        Failure = file?.Failure;
        _longBytes = longBytes;
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

    /// <summary>Digest of the data set of a long instance when it began where we took it to begin; else null: it is to be read from the file.</summary>
    public byte[]? Digest(long dataSetOffset) => _isHashing && dataSetOffset == _dataSetOffset ? _hash.GetHashAndReset() : null;

    /// <summary>The first bytes of what came, also when the file has them no more.</summary>
    public Stream Beginning()
    {
        var beginning = _beginning ?? Written();
        beginning.Position = 0;
        return beginning;
    }

    /// <summary>Forces the file's bytes to the disk.</summary>
    public void MakeDurable()
    {
        if (Failure is null)
        {
            Try(() =>
            {
                if (_file is not null)
                {
                    DiskSync.Flush(_file.SafeFileHandle);
                }
            });
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Failure is not null || _file is null)
        {
            Keep(buffer);
        }

        if (Failure is not null)
        {
            return;
        }

        try
        {
            if (_position >= _nextLook && _file is not null)
            {
                _nextLook += LookAgainBytes;
                if (_isShort?.Invoke() is true)
                {
                    throw new IOException("the free space fell below the minimum while the instance came", InstanceStore.NoSpaceLeft);
                }
            }

            _file?.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
            Keep(buffer);
            Try(() => _file?.SetLength(0)); // what is written helps nobody, and others want the room now
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
        TakeHead(buffer);
        var start = _position;
        _position += buffer.Length;
        if (_dataSetOffset is not { } offset || _position <= _longBytes)
        {
            return;
        }

        if (!_isHashing)
        {
            _isHashing = true;
            CatchUp(offset, start);
        }

        _hash.AppendData(buffer[(int)Math.Clamp(offset - start, 0, buffer.Length)..]);
    }

    private void TakeHead(ReadOnlySpan<byte> buffer)
    {
        if (_position >= HeadLength)
        {
            return;
        }

        var count = (int)Math.Min(HeadLength - _position, buffer.Length);
        buffer[..count].CopyTo(_head.AsSpan((int)_position));
        if (_position + count == HeadLength && _head.AsSpan(128, 12).SequenceEqual("DICM\u0002\0\0\0UL\u0004\0"u8))
        {
            _dataSetOffset = HeadLength + (long)BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(140));
        }
    }

    /// <summary>What was written before the instance turned out to be long.</summary>
    private void CatchUp(long from, long to)
    {
        Span<byte> piece = stackalloc byte[16 << 10];
        try
        {
            while (from < to)
            {
                var read = RandomAccess.Read(_file!.SafeFileHandle, piece[..(int)Math.Min(piece.Length, to - from)], from);
                if (read == 0)
                {
                    throw new EndOfStreamException("the part is shorter than what was written");
                }

                _hash.AppendData(piece[..read]);
                from += read;
            }
        }
        catch (IOException e)
        {
            Failure = e;
        }
    }

    private void Keep(ReadOnlySpan<byte> buffer)
    {
        _beginning ??= Written();
        _beginning.Write(buffer[..Math.Min(buffer.Length, BeginningLength - (int)_beginning.Length)]);
    }

    private MemoryStream Written()
    {
        var bytes = new byte[_file is null ? 0 : Math.Min(_position, BeginningLength)];
        var count = 0;
        Try(() =>
        {
            for (int read; count < bytes.Length && (read = RandomAccess.Read(_file!.SafeFileHandle, bytes.AsSpan(count), count)) > 0;)
            {
                count += read;
            }
        });
        var beginning = new MemoryStream();
        beginning.Write(bytes.AsSpan(0, count));
        return beginning;
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
