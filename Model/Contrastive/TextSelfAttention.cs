using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>Multi-head attention over the tokens that are not padding.</summary>
internal sealed class TextSelfAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear query;   // [hidden -> hidden]
    private readonly Linear key;     // [hidden -> hidden]
    private readonly Linear value;   // [hidden -> hidden]
    private readonly int _heads;

    public TextSelfAttention(TextEncoderConfig config)
        : base(nameof(TextSelfAttention))
    {
        _heads = config.Heads;
        query = Linear(config.Hidden, config.Hidden);
        key = Linear(config.Hidden, config.Hidden);
        value = Linear(config.Hidden, config.Hidden);
        RegisterComponents();
    }

    /// <param name="input1">[B, T, hidden]</param>
    /// <param name="input2">[B, 1, 1, T]: true where there is text</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        var mask = input2.expand(-1, _heads, input1.shape[1], -1);                                       // [B, heads, T, T]
        var mixed = functional.scaled_dot_product_attention(
            Heads(query.call(input1)), Heads(key.call(input1)), Heads(value.call(input1)), mask, training ? TextOutput.DropoutRate : 0);
        return mixed.transpose(1, 2).reshape(input1.shape).MoveToOuterDisposeScope();                    // [B, T, hidden]
    }

    private Tensor Heads(Tensor tokens) =>
        tokens.reshape(tokens.shape[0], tokens.shape[1], _heads, tokens.shape[2] / _heads).transpose(1, 2);   // [B, heads, T, head]
}
