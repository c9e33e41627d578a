using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>One tensor of an open file.</summary>
/// <param name="File">Where it lies; must stay open.</param>
/// <param name="Entry">Its name, type and shape there.</param>
internal sealed record TensorSource(ITensorFile File, TensorEntry Entry)
{
    /// <summary>Elements that are looked at together: a table of half a billion values is not doubled in memory to be checked.</summary>
    private const long ChunkElements = 1 << 24;

    /// <inheritdoc cref="ITensorFile.View"/>
    public Tensor View() => File.View(Entry.Name);

    /// <summary>The tensor, of which every value is a number.</summary>
    /// <param name="where">Part and tensor, for the message.</param>
    /// <exception cref="HSENetModelException"><c>weights.value</c>.</exception>
    public Tensor ViewFinite(string where)
    {
        using var scope = NewDisposeScope();
        var view = View();
        return IsFinite(view)
            ? view.MoveToOuterDisposeScope()
            : throw new HSENetModelException("weights.value", $"{where} holds values that are not finite.");
    }

    private static bool IsFinite(Tensor values)
    {
        if (values.dim() == 0 || values.numel() <= ChunkElements)
        {
            using var scope = NewDisposeScope();
            return values.isfinite().all().item<bool>();
        }

        var rows = Math.Max(1, ChunkElements / Math.Max(1, values.numel() / values.shape[0]));
        for (long start = 0; start < values.shape[0]; start += rows)
        {
            using var scope = NewDisposeScope();
            if (!values.narrow(0, start, Math.Min(rows, values.shape[0] - start)).isfinite().all().item<bool>())
            {
                return false;
            }
        }

        return true;
    }
}
