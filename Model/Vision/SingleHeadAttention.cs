using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>
/// Cross-attention with one head as wide as the tokens, used to score patches against slices and to pack windows of patches. The residual
/// comes from the <em>projected</em> query: LayerNorm(Wq(query) + dropout(output_linear(attention))). No feed-forward part.
/// </summary>
internal sealed class SingleHeadAttention : Module<Tensor, Tensor, Tensor?, Tensor>
{
    private const double DropoutRate = 0.1;   // training only

    private readonly Linear Wq;               // [hidden -> hidden]
    private readonly Linear Wk;               // [hidden -> hidden]
    private readonly Linear Wv;               // [hidden -> hidden]
    private readonly Linear output_linear;    // [hidden -> hidden]
    private readonly LayerNorm norm;
    private readonly double _scale;

    public SingleHeadAttention(int hidden)
        : base(nameof(SingleHeadAttention))
    {
        Wq = Linear(hidden, hidden);
        Wk = Linear(hidden, hidden);
        Wv = Linear(hidden, hidden);
        output_linear = Linear(hidden, hidden);
        norm = LayerNorm(hidden);
        _scale = 1 / Math.Sqrt(hidden);
        RegisterComponents();
    }

    /// <param name="input1">query [B, Q, hidden]</param>
    /// <param name="input2">context [B, K, hidden], both keys and values</param>
    /// <param name="input3">[B, K]: 0 where the context is padding; null: all of it counts</param>
    /// <returns>[B, Q, hidden]</returns>
    public override Tensor forward(Tensor input1, Tensor input2, Tensor? input3)
    {
        using var scope = NewDisposeScope();
        var query = Wq.call(input1);                                                                // [B, Q, hidden]
        var weights = functional.dropout(Softmax(query, input2, input3), DropoutRate, training);            // [B, Q, K]
        var mixed = output_linear.call(weights.bmm(Wv.call(input2)));                            // [B, Q, hidden]
        return norm.call(query.Plus(functional.dropout(mixed, DropoutRate, training))).MoveToOuterDisposeScope();
    }

    /// <summary>What each query looks at, without dropout.</summary>
    /// <param name="query">[B, Q, hidden]</param>
    /// <param name="context">[B, K, hidden]</param>
    /// <returns>[B, Q, K], rows sum to 1</returns>
    public Tensor Probabilities(Tensor query, Tensor context)
    {
        using var scope = NewDisposeScope();
        return Softmax(Wq.call(query), context, null).MoveToOuterDisposeScope();
    }

    private Tensor Softmax(Tensor projectedQuery, Tensor context, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var scores = projectedQuery.bmm(Wk.call(context).transpose(-2, -1)).Times(_scale);       // [B, Q, K]
        if (mask is not null)
        {
            scores = scores.masked_fill(mask.equal(0).unsqueeze(1), Numbers.NegativeInfinity);      // [B, Q, K]
        }

        return functional.softmax(scores, dim: -1).MoveToOuterDisposeScope();                       // [B, Q, K]
    }
}
