using static TorchSharp.torch;

namespace HSENet.Model.Weights.PyTorch;

/// <summary>A global that the pickle names and that is on the list of those that tensors need. It is a word here, never a type or a function.</summary>
/// <param name="Name">For example <c>torch.FloatStorage</c>.</param>
internal sealed record PickleGlobal(string Name);

/// <summary>A reference to raw numbers outside the pickle.</summary>
/// <param name="Key">Name of the storage in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="ElementBytes">Size of one element.</param>
/// <param name="Count">Elements of the storage.</param>
/// <param name="ViewOffset">First element that belongs to the reference (legacy files).</param>
/// <param name="ViewCount">Elements that belong to the reference.</param>
internal sealed record PickledStorage(string Key, ScalarType Type, int ElementBytes, long Count, long ViewOffset, long ViewCount);

/// <summary>A tensor as the pickle describes it.</summary>
/// <param name="Storage">Where its numbers lie.</param>
/// <param name="Offset">First element, counted from the reference's first.</param>
/// <param name="Shape">Lengths.</param>
/// <param name="Stride">Steps, elements.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Stride);

/// <summary>A dictionary of the pickle, in its order.</summary>
internal sealed class PickleDictionary
{
    public OrderedDictionary<object, object?> Items { get; } = [];
}
