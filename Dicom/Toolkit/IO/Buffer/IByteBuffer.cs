namespace FellowOakDicom.IO.Buffer;

/// <summary>The bytes of a value, wherever they are.</summary>
public interface IByteBuffer
{
    /// <summary>True when <see cref="Data"/> costs nothing.</summary>
    bool IsMemory { get; }

    /// <summary>Bytes.</summary>
    long Size { get; }

    /// <summary>All bytes; read anew at each call when they are not in memory.</summary>
    byte[] Data { get; }

    /// <summary>Copies <paramref name="count"/> bytes from <paramref name="offset"/> to the start of <paramref name="output"/>.</summary>
    void GetByteRange(long offset, int count, byte[] output);

    void CopyToStream(Stream stream);

    Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken);
}
