using System.IO.MemoryMappedFiles;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>
/// A file in the address space: tensors lie directly in it, no byte is copied and none enters managed memory. The file must not be shortened
/// while it is open (the system would end the process); model directories are written once and then only read.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private bool _disposed;

    private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view, long lengthBytes)
    {
        (_file, _view, LengthBytes) = (file, view, lengthBytes);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + view.PointerOffset;
    }

    public long LengthBytes { get; }

    /// <exception cref="HSENetModelException"><c>weights.file</c>: cannot be opened or is empty.</exception>
    public static MappedFile Open(string path)
    {
        MemoryMappedFile? file = null;
        try
        {
            var length = new FileInfo(path).Length;
            if (length == 0)
            {
                throw new HSENetModelException("weights.format", $"{path} is empty.");
            }

            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            return new MappedFile(file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new HSENetModelException("weights.file", $"{path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Bytes of the file, at most 2 GiB.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        Check(offset, length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <param name="offset">First byte.</param>
    /// <param name="shape">C order.</param>
    /// <param name="type">Element type; little-endian.</param>
    /// <param name="elementBytes">Size of one element.</param>
    /// <returns>A tensor over the file's own pages, or a copy where the offset is no multiple of the element size.</returns>
    public Tensor View(long offset, long[] shape, ScalarType type, int elementBytes)
    {
        long bytes = elementBytes;
        foreach (var length in shape)
        {
            bytes = checked(bytes * length);
        }

        Check(offset, bytes);
        if (bytes == 0)
        {
            return empty(shape, type, CPU);
        }

        if ((nint)(_start + offset) % elementBytes != 0)
        {
            var copy = empty(shape, type, CPU);
            Buffer.MemoryCopy(_start + offset, TensorMemory.Pointer(copy), bytes, bytes);
            return copy;
        }

        return TensorMemory.Over(_start + offset, shape, type);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }

    private void Check(long offset, long bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || bytes < 0 || offset > LengthBytes - bytes)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{bytes} bytes at {offset} are outside a file of {LengthBytes} bytes.");
        }
    }
}
