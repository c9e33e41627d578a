using static TorchSharp.torch;

namespace HSENet.Model.Contrastive;

/// <summary>A volume in the shared space. The receiver owns both tensors.</summary>
/// <param name="Tokens">[B, 1 + N, hidden], each token of length 1; token 0 stands for the volume.</param>
/// <param name="PatchScores">[B, N]; null for a tower without scores.</param>
internal readonly record struct ImageFeatures(Tensor Tokens, Tensor? PatchScores);
