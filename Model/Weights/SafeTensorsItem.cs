using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>A tensor to be written, made when its turn comes: a file of many gigabytes never has to be held.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Lengths.</param>
/// <param name="Make">Gives the tensor in that type and shape; the writer disposes it.</param>
internal sealed record SafeTensorsItem(string Name, ScalarType Type, long[] Shape, Func<Tensor> Make);
