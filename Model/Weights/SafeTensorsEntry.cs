using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>One tensor of a safetensors file, in C order.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Lengths; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the data buffer.</param>
/// <param name="LengthBytes">Bytes, = product of the shape times the element size.</param>
internal sealed record SafeTensorsEntry(string Name, ScalarType Type, long[] Shape, long Offset, long LengthBytes) : TensorEntry(Name, Type, Shape);
