using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>The element types of a safetensors file that this reader knows.</summary>
internal static class SafeTensorsType
{
    private static readonly (string Name, ScalarType Type, int Size)[] Known =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <returns>False for a name that is not supported.</returns>
    public static bool TryFind(string name, out ScalarType type, out int size)
    {
        foreach (var known in Known)
        {
            if (known.Name == name)
            {
                (type, size) = (known.Type, known.Size);
                return true;
            }
        }

        (type, size) = (default, 0);
        return false;
    }

    /// <exception cref="HSENetModelException"><c>weights.format</c>: the format has no name for the type.</exception>
    public static string NameOf(ScalarType type) =>
        Array.Find(Known, known => known.Type == type).Name
        ?? throw new HSENetModelException("weights.format", $"Element type {type} cannot be written as safetensors.");

    /// <returns>Bytes of one element of a type that the format knows.</returns>
    public static int SizeOf(ScalarType type) => Array.Find(Known, known => known.Type == type).Size;
}
