using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>
/// Products of one float32 row with a bfloat16 or int8 matrix on the CPU, accumulated in float32: a decoding step reads each weight once, so what
/// counts is bytes. Each output is one dot product in a fixed order, so the number of threads does not change a bit.
/// </summary>
internal static unsafe class RowKernel
{
    private const int Lanes = 8;
    private const int Unrolled = 4 * Lanes;
    private const int RowsPerTask = 64;

    public static bool Supports(Tensor input, Tensor weight) =>
        input.device_type == TorchSharp.DeviceType.CPU && input.dtype == ScalarType.Float32 && weight.dtype is ScalarType.BFloat16 or ScalarType.Int8
        && weight.is_contiguous();

    /// <param name="input">[…, in], one row</param>
    /// <param name="weight">[out, in]</param>
    /// <param name="scale">[out], with int8</param>
    /// <returns>[…, out]</returns>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? scale)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        var row = input.contiguous();
        var result = empty([.. input.shape[..^1], outputs], ScalarType.Float32);
        fixed (byte* x = row.bytes, w = weight.bytes, s = scale is null ? default : scale.bytes, y = result.bytes)
        {
            var (px, pw, ps, py) = ((nint)x, (nint)w, (nint)s, (nint)y);
            var isInt8 = weight.dtype == ScalarType.Int8;
            Parallel.For(0, (outputs + RowsPerTask - 1) / RowsPerTask, task =>
            {
                var end = Math.Min((task + 1) * RowsPerTask, outputs);
                for (var output = task * RowsPerTask; output < end; output++)
                {
                    ((float*)py)[output] = isInt8
                        ? Dot((sbyte*)pw + ((long)output * inputs), (float*)px, inputs) * ((float*)ps)[output]
                        : Dot((ushort*)pw + ((long)output * inputs), (float*)px, inputs);
                }
            });
        }

        GC.KeepAlive(weight);
        GC.KeepAlive(scale);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>A bfloat16 is the upper half of a float32.</summary>
    private static float Dot(ushort* weight, float* row, int length)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i + Unrolled <= length; i += Unrolled)
        {
            var first = Vector256.Load(weight + i);
            var second = Vector256.Load(weight + i + (2 * Lanes));
            a = Vector256.FusedMultiplyAdd(Upper(Vector256.WidenLower(first)), Vector256.Load(row + i), a);
            b = Vector256.FusedMultiplyAdd(Upper(Vector256.WidenUpper(first)), Vector256.Load(row + i + Lanes), b);
            c = Vector256.FusedMultiplyAdd(Upper(Vector256.WidenLower(second)), Vector256.Load(row + i + (2 * Lanes)), c);
            d = Vector256.FusedMultiplyAdd(Upper(Vector256.WidenUpper(second)), Vector256.Load(row + i + (3 * Lanes)), d);
        }

        var sum = Vector256.Sum((a + b) + (c + d));
        for (; i < length; i++)
        {
            sum += BitConverter.UInt32BitsToSingle((uint)weight[i] << 16) * row[i];
        }

        return sum;
    }

    private static float Dot(sbyte* weight, float* row, int length)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i + Unrolled <= length; i += Unrolled)
        {
            var bytes = Vector256.Load(weight + i);
            var (low, high) = (Vector256.WidenLower(bytes), Vector256.WidenUpper(bytes));
            a = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Vector256.WidenLower(low)), Vector256.Load(row + i), a);
            b = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Vector256.WidenUpper(low)), Vector256.Load(row + i + Lanes), b);
            c = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Vector256.WidenLower(high)), Vector256.Load(row + i + (2 * Lanes)), c);
            d = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Vector256.WidenUpper(high)), Vector256.Load(row + i + (3 * Lanes)), d);
        }

        var sum = Vector256.Sum((a + b) + (c + d));
        for (; i < length; i++)
        {
            sum += weight[i] * row[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Upper(Vector256<uint> value) => (value << 16).AsSingle();
}
