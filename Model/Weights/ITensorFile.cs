using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>A file of named tensors, whatever its format: its header is checked when it is opened, values are read on demand.</summary>
internal interface ITensorFile : IDisposable
{
    string Path { get; }

    IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>
    /// One tensor in the file's type and shape. It may lie in the mapped file itself: it must not be used once this file is disposed, and must
    /// not be written to.
    /// </summary>
    /// <exception cref="HSENetModelException"><c>weights.missing</c>: no such tensor.</exception>
    Tensor View(string name);
}
