using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Self-attention after a fused query-key-value projection (rows: q, k, v thirds; head-major inside each).</summary>
internal static class MultiHeadAttention
{
    /// <param name="qkv">[B, T, 3 * hidden]</param>
    /// <param name="heads">Heads; the scale is 1 / sqrt(hidden / heads).</param>
    /// <returns>[B, T, hidden]</returns>
    public static Tensor Attend(Tensor qkv, int heads)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, hidden) = (qkv.shape[0], qkv.shape[1], qkv.shape[2] / 3);
        var parts = qkv.reshape(batch, tokens, 3, heads, hidden / heads)
            .permute(2, 0, 3, 1, 4).unbind(0);                                                     // 3 x [B, heads, T, head]
        var mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);         // [B, heads, T, head]
        return mixed.transpose(1, 2).reshape(batch, tokens, hidden).MoveToOuterDisposeScope();     // [B, T, hidden]
    }
}
