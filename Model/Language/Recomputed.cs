using HSENet.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): a block is run without a graph and run again in the backward pass, so that of all
/// that it computes only its input is held in between. What it drops is the same both times: each run begins with the seed that the first one drew.
/// </summary>
internal sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
{
    private const string CallKey = "call";

    public override string Name => nameof(Recomputed);

    /// <param name="input">What the block's parameters are trained through; where it has no gradient, the block is simply run.</param>
    /// <param name="block">Must compute the same from the same input and seed, and may use only what lives until the backward pass is over.</param>
    /// <param name="surround">What the second run needs around it that the first one finds in place, such as autocast; null: nothing.</param>
    /// <returns>The block's output; the caller owns it</returns>
    public static Tensor Run(Tensor input, Func<Tensor, Tensor> block, Func<IDisposable?>? surround = null)
    {
        if (!is_grad_enabled() || !input.requires_grad)
        {
            return block(input);
        }

        using var scope = NewDisposeScope();
        var seed = randint(int.MaxValue, [1]).item<long>();
        return apply(input, new Call(block, surround, seed)).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, call) = ((Tensor)vars[0], (Call)vars[1]);
        ctx.save_for_backward([input]);
        ctx.save_data(CallKey, call);
        manual_seed(call.Seed);
        return call.Block(input);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var call = (Call)ctx.get_data(CallKey);
        var input = ctx.get_saved_variables()[0].detach().requires_grad_(true);
        Tensor output;
        using (enable_grad())
        using (call.Surround?.Invoke())
        {
            manual_seed(call.Seed);
            output = call.Block(input);
        }

        autograd.backward([output], [grad_output]);
        return [input.grad!.MoveToOuterDisposeScope(), null!];
    }

    private sealed record Call(Func<Tensor, Tensor> Block, Func<IDisposable?>? Surround, long Seed);
}
