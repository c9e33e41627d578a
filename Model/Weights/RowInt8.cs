using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>
/// Eight-bit weights of linear layers: per output row q = round(w * 127 / max|row|) (nearest even), scale = max|row| / 127, w is about q * scale
/// with an error of at most half a scale. In files <c>X.weight</c> int8 and <c>X.weight_scale</c> float32 [rows]; a row of zeros has scale 0.
/// </summary>
internal static class RowInt8
{
    /// <summary>What stands behind the name of the weight.</summary>
    public const string ScaleSuffix = "_scale";

    /// <summary>Rows worked on together: a large layer is not doubled in float32.</summary>
    private const long ChunkRows = 2048;

    /// <param name="weight">[rows, columns], floating point</param>
    /// <returns>int8 [rows, columns]</returns>
    public static Tensor Quantize(Tensor weight) => ByChunk(weight, rows =>
    {
        var largest = rows.abs().amax([1], keepdim: true);                                      // [r, 1]
        var factor = where(largest > 0, 127 / largest, zeros_like(largest));                    // [r, 1]
        return (rows * factor).round().to_type(ScalarType.Int8);                                // [r, columns]
    });

    /// <param name="weight">[rows, columns], floating point</param>
    /// <returns>float32 [rows]</returns>
    public static Tensor Scales(Tensor weight) => ByChunk(weight, rows => rows.abs().amax([1]) / 127);

    /// <param name="quantized">int8 [rows, columns]</param>
    /// <param name="scale">[rows]</param>
    /// <returns>float32 [rows, columns]</returns>
    public static Tensor Dequantize(Tensor quantized, Tensor scale)
    {
        using var scope = NewDisposeScope();
        return (quantized.to_type(ScalarType.Float32) * scale.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    private static Tensor ByChunk(Tensor weight, Func<Tensor, Tensor> work)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long row = 0; row < weight.shape[0]; row += ChunkRows)
        {
            using var inner = NewDisposeScope();
            var rows = weight.narrow(0, row, Math.Min(ChunkRows, weight.shape[0] - row)).to_type(ScalarType.Float32);
            parts.Add(work(rows).MoveToOtherDisposeScope(scope));
        }

        return (parts.Count == 1 ? parts[0] : cat(parts, dim: 0)).MoveToOuterDisposeScope();
    }
}
