using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>
/// y = x Wᵀ with a matrix that is not trained, for the training of what stands before it: the gradient of the input is g W, with W widened again
/// block by block, as LLM.int8() does it. The graph keeps neither the input nor a widened matrix.
/// </summary>
internal sealed class FrozenLinear : autograd.SingleTensorFunction<FrozenLinear>
{
    private const string MatrixKey = "matrix";

    public override string Name => nameof(FrozenLinear);

    /// <inheritdoc cref="WeightOnlyLinear.Apply"/>
    public static Tensor Run(Tensor input, Tensor weight, Tensor? scale)
    {
        using var scope = NewDisposeScope();
        return apply(input, new Matrix(weight, scale)).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var matrix = (Matrix)vars[1];
        ctx.save_data(MatrixKey, matrix);
        return WeightOnlyLinear.InBlocks((Tensor)vars[0], matrix.Weight, matrix.Scale);           // […, out]
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var matrix = (Matrix)ctx.get_data(MatrixKey);
        return [WeightOnlyLinear.BackInBlocks(grad_output, matrix.Weight, matrix.Scale), null!];  // […, in]
    }

    /// <summary>Hides the tensors from the graph: they are the layer's and outlive it.</summary>
    private sealed record Matrix(Tensor Weight, Tensor? Scale);
}
