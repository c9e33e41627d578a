using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>One tensor of an open file.</summary>
/// <param name="File">Where it lies; must stay open.</param>
/// <param name="Entry">Its name, type and shape there.</param>
internal sealed record TensorSource(ITensorFile File, TensorEntry Entry)
{
    /// <inheritdoc cref="ITensorFile.View"/>
    public Tensor View() => File.View(Entry.Name);

    /// <summary>The tensor, of which every value is a number.</summary>
    /// <param name="where">Part and tensor, for the message.</param>
    /// <exception cref="HSENetModelException"><c>weights.value</c>.</exception>
    public Tensor ViewFinite(string where)
    {
        using var scope = NewDisposeScope();
        var view = View();
        return FiniteCheck.IsFinite(view)
            ? view.MoveToOuterDisposeScope()
            : throw new HSENetModelException("weights.value", $"{where} holds values that are not finite.");
    }
}
