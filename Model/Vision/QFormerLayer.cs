using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>Pre-norm layer of the Q-Former: the queries look at each other, then at the patches, then an MLP four times as wide.</summary>
internal sealed class QFormerLayer : Module<Tensor, Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly VitAttention self_attention;
    private readonly LayerNorm norm2;
    private readonly LayerNorm norm_patches;
    private readonly Linear cross_query;       // [hidden -> hidden]
    private readonly Linear cross_key_value;   // [hidden -> 2 * hidden]
    private readonly Linear cross_output;      // [hidden -> hidden]
    private readonly LayerNorm norm3;
    private readonly VitMlp mlp;
    private readonly int _heads;

    public QFormerLayer(int hidden, int heads)
        : base(nameof(QFormerLayer))
    {
        _heads = heads;
        norm1 = LayerNorm(hidden);
        self_attention = new VitAttention(hidden, heads);
        norm2 = LayerNorm(hidden);
        norm_patches = LayerNorm(hidden);
        cross_query = Linear(hidden, hidden);
        cross_key_value = Linear(hidden, 2 * hidden);
        cross_output = Linear(hidden, hidden);
        norm3 = LayerNorm(hidden);
        mlp = new VitMlp(hidden, 4 * hidden);
        RegisterComponents();
    }

    /// <param name="input1">queries [B, Q, hidden]</param>
    /// <param name="input2">patches [B, N, hidden]</param>
    /// <returns>[B, Q, hidden]</returns>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        var queries = input1.Plus(self_attention.call(norm1.call(input1)));                          // [B, Q, hidden]
        var context = cross_key_value.call(norm_patches.call(input2)).chunk(2, dim: -1);             // 2 x [B, N, hidden]
        var mixed = functional.scaled_dot_product_attention(
            Heads(cross_query.call(norm2.call(queries))), Heads(context[0]), Heads(context[1]));     // [B, heads, Q, head]
        queries = queries.Plus(cross_output.call(mixed.transpose(1, 2).reshape(input1.shape)));      // [B, Q, hidden]
        return queries.Plus(mlp.call(norm3.call(queries))).MoveToOuterDisposeScope();               // [B, Q, hidden]
    }

    private Tensor Heads(Tensor tokens) =>
        tokens.reshape(tokens.shape[0], tokens.shape[1], _heads, tokens.shape[2] / _heads).transpose(1, 2);   // [B, heads, T, head]
}
