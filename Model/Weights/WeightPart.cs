using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>One part of the model and where its weights come from.</summary>
/// <param name="Name">The part's role, for messages.</param>
/// <param name="Files">Together they hold each of the expected tensors exactly once.</param>
/// <param name="Targets">The part's own tensors by their published names; loading writes into them.</param>
internal sealed record WeightPart(string Name, IReadOnlyList<WeightFile> Files, IReadOnlyDictionary<string, Tensor> Targets)
{
    /// <summary>Tensors that are not copied but handed over, for example to be quantized; by expected name.</summary>
    public IReadOnlyDictionary<string, WeightSink> Sinks { get; init; } = new Dictionary<string, WeightSink>();

    /// <summary>Tensors that must be there in their shape and are not loaded: the file is checked as a whole whatever of it is used.</summary>
    public IReadOnlyDictionary<string, long[]> NotLoaded { get; init; } = new Dictionary<string, long[]>();

    /// <summary>From a name in the file (prefix stripped) to the expected name.</summary>
    public Func<string, string> Rename { get; init; } = name => name;

    /// <summary>Names, after <see cref="Rename"/>, that the file may hold and nothing needs.</summary>
    public Func<string, bool> Ignore { get; init; } = _ => false;
}
