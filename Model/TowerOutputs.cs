using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>What the towers give. The receiver owns the tensors.</summary>
/// <param name="Global">[B, 1 + N, hidden], CLS first; null without a global tower.</param>
/// <param name="Local">[B, 1 + N, hidden], CLS first; null without a local tower.</param>
/// <param name="PatchScores">[B, N]; null where nothing scores the patches.</param>
internal readonly record struct TowerOutputs(Tensor? Global, Tensor? Local, Tensor? PatchScores);
