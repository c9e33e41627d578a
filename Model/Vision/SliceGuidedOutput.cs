using static TorchSharp.torch;

namespace HSENet.Model.Vision;

/// <summary>What the 2E3 tower returns. The receiver owns both tensors.</summary>
/// <param name="Tokens">[B, 1 + N, hidden]: the last tokens after the final norm, CLS first.</param>
/// <param name="PatchScores">[B, N]: the factor 0..1 that each patch embedding was multiplied with.</param>
internal readonly record struct SliceGuidedOutput(Tensor Tokens, Tensor PatchScores);
