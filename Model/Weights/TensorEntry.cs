using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>One tensor of a weight file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Lengths; empty for a scalar.</param>
internal record TensorEntry(string Name, ScalarType Type, long[] Shape)
{
    public string ShapeText => Text(Shape);

    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
