namespace FellowOakDicom.IO.Buffer;

/// <summary>Bytes that stay in a file until they are asked for. A file that has changed since is refused, not misread.</summary>
internal sealed class FileByteBuffer : IByteBuffer
{
    private readonly string _path;
    private readonly long _position;
    private readonly DateTime _written;
    private readonly long _fileLength;
    private byte[]? _loaded;

    internal FileByteBuffer(string path, long position, long size)
    {
        _path = path;
        _position = position;
        Size = size;
        var file = new FileInfo(path);
        (_written, _fileLength) = (file.LastWriteTimeUtc, file.Length);
    }

    public bool IsMemory => _loaded is not null;

    public long Size { get; }

    public byte[] Data
    {
        get
        {
            if (_loaded is not null)
            {
                return _loaded;
            }

            var bytes = new byte[Size];
            using var stream = OpenAt(0);
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    public void GetByteRange(long offset, int count, byte[] output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + count, Size);
        using var stream = OpenAt(offset);
        stream.ReadExactly(output, 0, count);
    }

    public void CopyToStream(Stream stream)
    {
        using var source = OpenAt(0);
        var part = new byte[1 << 16];
        for (var left = Size; left > 0;)
        {
            var count = (int)Math.Min(part.Length, left);
            source.ReadExactly(part, 0, count);
            stream.Write(part, 0, count);
            left -= count;
        }
    }

    public async Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var source = OpenAt(0);
        var part = new byte[1 << 16];
        for (var left = Size; left > 0;)
        {
            var count = (int)Math.Min(part.Length, left);
            await source.ReadExactlyAsync(part.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(part.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            left -= count;
        }
    }

    /// <summary>Takes the bytes into memory: the file is about to be replaced.</summary>
    internal void Detach() => _loaded ??= Data;

    private Stream OpenAt(long offset)
    {
        if (_loaded is not null)
        {
            return new MemoryStream(_loaded, checked((int)offset), checked((int)(Size - offset)), writable: false);
        }

        var file = new FileInfo(_path);
        if (!file.Exists || file.LastWriteTimeUtc != _written || file.Length != _fileLength)
        {
            throw new DicomDataException("The file that holds a value read on demand has changed or is gone");
        }

        return new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete) { Position = _position + offset };
    }
}
