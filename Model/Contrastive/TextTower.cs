using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>The text side of one contrastive stage: BERT and its projection. Field names are those of <see cref="ClipModel"/>, without its image side.</summary>
internal sealed class TextTower : Module<Tensor, Tensor, Tensor>
{
    private readonly TextEncoder language_encoder;
    private readonly Linear mm_language_proj;            // [text hidden -> hidden]

    /// <param name="text">Sizes of the text encoder.</param>
    /// <param name="hidden">Width of the shared space, which is the 3D tower's.</param>
    public TextTower(TextEncoderConfig text, int hidden)
        : base(nameof(TextTower))
    {
        language_encoder = new TextEncoder(text);
        mm_language_proj = Linear(text.Hidden, hidden);
        RegisterComponents();
        eval();
    }

    /// <param name="input1">token ids [B, T]</param>
    /// <param name="input2">[B, T]: 1 for text, 0 for padding</param>
    /// <returns>[B, T, hidden], each token of length 1; token 0 stands for the text</returns>
    /// <exception cref="HSENetModelException"><c>model.input</c>: too many tokens, or an id outside the vocabulary.</exception>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        return functional.normalize(mm_language_proj.call(language_encoder.call(input1, input2)), dim: -1).MoveToOuterDisposeScope();   // [B, T, hidden]
    }
}
