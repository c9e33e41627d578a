using System.Buffers;

namespace HSENet.Dicom.Guarding;

/// <summary>Bytes on their way out. An empty one holds no memory.</summary>
internal sealed class OutputBuffer : IBufferWriter<byte>
{
    private const int SmallestSize = 4096;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    public int Take(Span<byte> target)
    {
        var count = Math.Min(target.Length, _end - _start);
        _bytes.AsSpan(_start, count).CopyTo(target);
        _start += count;
        if (IsEmpty)
            Clear();
        return count;
    }

    public void Clear()
    {
        (_start, _end) = (0, 0);
        Replace([]);
    }

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int count)
    {
        if (_bytes.Length - _end >= count)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_end + count, Math.Max(SmallestSize, 2 * _bytes.Length)));
        _bytes.AsSpan(0, _end).CopyTo(larger);
        Replace(larger);
    }

    private void Replace(byte[] bytes)
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bytes;
    }
}
