using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>What the language model sees of a volume. The receiver owns the tensors.</summary>
/// <param name="Tokens">[1, N, hidden of the language model]: global tokens first, then local ones.</param>
/// <param name="PatchScores">[1, patches]: 0..1, row-major over the grid; null where nothing scores the patches.</param>
internal readonly record struct VisualEncoding(Tensor Tokens, Tensor? PatchScores);
