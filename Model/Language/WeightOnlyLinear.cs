using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>
/// y = x Wᵀ for a matrix that is stored in fewer bits than the input. One row without gradients runs over the stored weights directly; more rows
/// widen the matrix block by block, since matrix products in 16 bit are far slower than in 32 on a CPU without instructions for them. With gradients
/// the matrix counts as frozen: backward passes through it (<see cref="FrozenLinear"/>) and nothing of it is kept.
/// </summary>
internal static class WeightOnlyLinear
{
    private const long BlockElements = 1 << 22;
    private const float Steps = 127;

    [ThreadStatic]
    private static Tensor? s_buffer;

    /// <param name="input">[…, in]</param>
    /// <param name="weight">[out, in]: the input's type, bfloat16, float16 or int8</param>
    /// <param name="scale">[out] float32 with int8; a stored value times the scale of its row is the weight</param>
    /// <returns>[…, out] in the input's type</returns>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? scale)
    {
        if (scale is null && weight.dtype == input.dtype)
        {
            return nn.functional.linear(input, weight);
        }

        if (is_grad_enabled() && input.requires_grad)
        {
            if (weight.requires_grad)
            {
                throw new HSENetModelException("model.precision", "A matrix in fewer bits than its input cannot be trained: load it as fp32.");
            }

            return FrozenLinear.Run(input, weight, scale);
        }

        var rows = input.numel() / input.shape[^1];
        return rows == 1 && RowKernel.Supports(input, weight) ? RowKernel.Apply(input, weight, scale) : InBlocks(input, weight, scale);
    }

    /// <returns>The matrix in another type; [out, in]</returns>
    public static Tensor Widen(Tensor weight, Tensor? scale, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var wide = weight.to_type(type);
        return (scale is null ? wide : wide.mul_(scale.to_type(type).unsqueeze(1))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Symmetric per row: scale = largest magnitude / 127, values rounded to the nearest step (halves to even). A row of zeros has the scale 0.
    /// </summary>
    /// <param name="weight">[out, in]</param>
    /// <returns>[out, in] int8, [out] float32; the caller owns both</returns>
    public static (Tensor Weight, Tensor Scale) Quantize(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (rows, columns) = (weight.shape[0], weight.shape[1]);
        var narrow = empty(rows, columns, ScalarType.Int8, weight.device);
        var scale = empty(rows, ScalarType.Float32, weight.device);
        var block = Math.Max(1, BlockElements / columns);
        for (long start = 0; start < rows; start += block)
        {
            using var step = NewDisposeScope();
            var count = Math.Min(block, rows - start);
            var wide = weight.narrow(0, start, count).to_type(ScalarType.Float32);                // [block, in]
            var largest = wide.abs().amax([1]);                                                   // [block]
            var inverse = where(largest.gt(Numbers.Zero), largest.reciprocal().Times(Steps), zeros_like(largest));   // [block]
            narrow.narrow(0, start, count).copy_((wide * inverse.unsqueeze(1)).round().Between(-Steps, Steps));
            scale.narrow(0, start, count).copy_(largest.Over(Steps));
        }

        return (narrow.MoveToOuterDisposeScope(), scale.MoveToOuterDisposeScope());
    }

    /// <summary>The product, block by block of the matrix's rows.</summary>
    /// <param name="input">[…, in]</param>
    /// <param name="weight">[out, in]</param>
    /// <param name="scale">[out]</param>
    /// <returns>[…, out]</returns>
    public static Tensor InBlocks(Tensor input, Tensor weight, Tensor? scale)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        var flat = input.reshape(-1, inputs);                                                     // [rows, in]
        var result = empty(flat.shape[0], outputs, input.dtype, input.device);                    // [rows, out]
        ForBlocks(weight, scale, input.dtype, (start, wide) => result.narrow(1, start, wide.shape[0]).copy_(nn.functional.linear(flat, wide)));
        return result.reshape([.. input.shape[..^1], outputs]).MoveToOuterDisposeScope();
    }

    /// <summary>The way back to the input: g W, block by block of the matrix's rows.</summary>
    /// <param name="gradient">[…, out]</param>
    /// <param name="weight">[out, in]</param>
    /// <param name="scale">[out]</param>
    /// <returns>[…, in] in the gradient's type</returns>
    public static Tensor BackInBlocks(Tensor gradient, Tensor weight, Tensor? scale)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        var flat = gradient.reshape(-1, outputs);                                                 // [rows, out]
        var result = zeros(flat.shape[0], inputs, gradient.dtype, gradient.device);               // [rows, in]
        ForBlocks(weight, scale, gradient.dtype, (start, wide) => result.addmm_(flat.narrow(1, start, wide.shape[0]), wide));
        return result.reshape([.. gradient.shape[..^1], inputs]).MoveToOuterDisposeScope();
    }

    private static void ForBlocks(Tensor weight, Tensor? scale, ScalarType type, Action<long, Tensor> use)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        var block = Math.Max(1, BlockElements / inputs);
        var buffer = Buffer(Math.Min(block, outputs) * inputs, type, weight.device);              // [block * in] or more
        for (long start = 0; start < outputs; start += block)
        {
            using var step = NewDisposeScope();
            var count = Math.Min(block, outputs - start);
            var wide = buffer.narrow(0, 0, count * inputs).view(count, inputs);                   // [count, in]
            wide.copy_(weight.narrow(0, start, count));
            if (scale is not null)
            {
                wide.mul_(scale.narrow(0, start, count).to_type(type).unsqueeze(1));
            }

            use(start, wide);
        }
    }

    /// <summary>
    /// On the CPU one for each thread, kept: the C library would put the next small tensor into its place once it is free, and every call would take
    /// new memory.
    /// </summary>
    /// <returns>[elements] or more, with any values</returns>
    private static Tensor Buffer(long elements, ScalarType type, Device device)
    {
        if (device.type != DeviceType.CPU)
        {
            return empty(elements, type, device);
        }

        if (s_buffer is null || s_buffer.dtype != type || s_buffer.numel() < elements)
        {
            using var ordinary = inference_mode(false);   // training may write to it as well
            s_buffer?.Dispose();
            s_buffer = empty(Math.Max(elements, BlockElements), type).DetachFromDisposeScope();
        }

        return s_buffer;
    }
}
