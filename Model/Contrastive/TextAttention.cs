using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>Self-attention of the text encoder with its output projection.</summary>
internal sealed class TextAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly TextSelfAttention self;
    private readonly TextOutput output;

    public TextAttention(TextEncoderConfig config)
        : base(nameof(TextAttention))
    {
        self = new TextSelfAttention(config);
        output = new TextOutput(config.Hidden, config.Hidden, config.Epsilon);
        RegisterComponents();
    }

    /// <param name="input1">[B, T, hidden]</param>
    /// <param name="input2">[B, 1, 1, T]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        return output.call(self.call(input1, input2), input1).MoveToOuterDisposeScope();                 // [B, T, hidden]
    }
}
