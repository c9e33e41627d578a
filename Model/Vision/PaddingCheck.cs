using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Vision;

/// <summary>Attention over nothing but padding has no answer: its softmax is no number.</summary>
internal static class PaddingCheck
{
    /// <param name="mask">[B, K]: 0 where the context is padding</param>
    /// <returns>Whether every row has something that is not padding.</returns>
    public static bool LeavesSomething(Tensor mask)
    {
        using var scope = NewDisposeScope();
        return mask.not_equal(0).any(dim: -1).all().item<bool>();
    }
}
