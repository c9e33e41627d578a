using System.Buffers;

namespace FellowOakDicom.Memory;

/// <summary>Lends memory from the shared array pool.</summary>
public class ArrayPoolMemoryProvider : IMemoryProvider
{
    public IMemory Provide(int length) => new Loan(length);

    private sealed class Loan(int length) : IMemory
    {
        private byte[]? _array = ArrayPool<byte>.Shared.Rent(length);

        public int Length => length;

        public Memory<byte> Memory => _array?.AsMemory(0, length) ?? throw new ObjectDisposedException(nameof(IMemory));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } array)
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }
}
