using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>Post-norm transformer block: norm(x + attention(x)), then norm(x + mlp(x)).</summary>
internal sealed class TextLayer : Module<Tensor, Tensor, Tensor>
{
    private readonly TextAttention attention;
    private readonly TextIntermediate intermediate;
    private readonly TextOutput output;

    public TextLayer(TextEncoderConfig config)
        : base(nameof(TextLayer))
    {
        attention = new TextAttention(config);
        intermediate = new TextIntermediate(config);
        output = new TextOutput(config.Intermediate, config.Hidden, config.Epsilon);
        RegisterComponents();
    }

    /// <param name="input1">[B, T, hidden]</param>
    /// <param name="input2">[B, 1, 1, T]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        var attended = attention.call(input1, input2);                                                   // [B, T, hidden]
        return output.call(intermediate.call(attended), attended).MoveToOuterDisposeScope();             // [B, T, hidden]
    }
}
