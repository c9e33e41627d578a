using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Vision;

/// <summary>The token layout that both 3D towers share: CLS first, then the patches in row-major order.</summary>
internal static class VisionTokens
{
    /// <param name="cls">[1, 1, hidden]</param>
    /// <param name="patches">[B, N, hidden]</param>
    /// <returns>[B, 1 + N, hidden]</returns>
    public static Tensor PrependCls(Tensor cls, Tensor patches)
    {
        using var scope = NewDisposeScope();
        return cat([cls.expand(patches.shape[0], 1, patches.shape[2]), patches], dim: 1).MoveToOuterDisposeScope();
    }

    /// <param name="tokens">[B, 1 + N, hidden]</param>
    /// <returns>[B, hidden]: what the contrastive stages use</returns>
    public static Tensor Cls(Tensor tokens) => tokens.select(1, 0);

    /// <param name="tokens">[B, 1 + N, hidden]</param>
    /// <returns>[B, N, hidden]: what the packers use</returns>
    public static Tensor Patches(Tensor tokens) => tokens.narrow(1, 1, tokens.shape[1] - 1);
}
