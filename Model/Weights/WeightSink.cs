using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>Takes a tensor of a file over in a form of its own.</summary>
/// <param name="Shape">What the tensor must have.</param>
/// <param name="Store">Is given the values; they are the file's and must not be kept.</param>
internal sealed record WeightSink(long[] Shape, Action<Tensor> Store);
