using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>Whether every value of a tensor is a number. bfloat16 and float32, in which large files come, are looked at as bits, at the speed of memory.</summary>
internal static class FiniteCheck
{
    /// <summary>Elements that are looked at together: a table of half a billion values is not doubled in memory to be checked.</summary>
    private const long ChunkElements = 1 << 24;

    private const ushort BFloat16Exponent = 0x7F80;
    private const uint Float32Exponent = 0x7F80_0000;

    public static unsafe bool IsFinite(Tensor values)
    {
        var isPlain = values.device_type == DeviceType.CPU && values.is_contiguous() && values.dtype is ScalarType.BFloat16 or ScalarType.Float32;
        if (!isPlain)
        {
            return ByOperations(values);
        }

        var (start, count) = ((nint)TensorMemory.Pointer(values), values.numel());
        var isNarrow = values.dtype == ScalarType.BFloat16;
        var found = false;
        Parallel.For(0, (count + ChunkElements - 1) / ChunkElements, (chunk, state) =>
        {
            var length = (int)Math.Min(ChunkElements, count - (chunk * ChunkElements));
            var isSound = isNarrow
                ? NoExponentIs(new ReadOnlySpan<ushort>((ushort*)start + (chunk * ChunkElements), length), BFloat16Exponent)
                : NoExponentIs(new ReadOnlySpan<uint>((uint*)start + (chunk * ChunkElements), length), Float32Exponent);
            if (!isSound)
            {
                Volatile.Write(ref found, true);
                state.Stop();
            }
        });
        GC.KeepAlive(values);
        return !found;
    }

    /// <summary>An exponent of ones alone means infinity or no number at all.</summary>
    private static bool NoExponentIs<T>(ReadOnlySpan<T> values, T exponent)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var mask = Vector256.Create(exponent);
        foreach (var vector in MemoryMarshal.Cast<T, Vector256<T>>(values))
        {
            if (Vector256.EqualsAny(vector & mask, mask))
            {
                return false;
            }
        }

        foreach (var value in values[(values.Length / Vector256<T>.Count * Vector256<T>.Count)..])
        {
            if ((value & exponent) == exponent)
            {
                return false;
            }
        }

        return true;
    }

    private static bool ByOperations(Tensor values)
    {
        if (values.dim() == 0 || values.numel() <= ChunkElements)
        {
            using var scope = NewDisposeScope();
            return values.isfinite().all().item<bool>();
        }

        var rows = Math.Max(1, ChunkElements / Math.Max(1, values.numel() / values.shape[0]));
        for (long start = 0; start < values.shape[0]; start += rows)
        {
            using var scope = NewDisposeScope();
            if (!values.narrow(0, start, Math.Min(rows, values.shape[0] - start)).isfinite().all().item<bool>())
            {
                return false;
            }
        }

        return true;
    }
}
