using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>One part of the model and where its weights come from.</summary>
/// <param name="Name">The part's role, for messages.</param>
/// <param name="Files">Together they hold each of the targets exactly once.</param>
/// <param name="Targets">The part's own tensors by their published names; loading writes into them.</param>
internal sealed record WeightPart(string Name, IReadOnlyList<WeightFile> Files, IReadOnlyDictionary<string, Tensor> Targets);
