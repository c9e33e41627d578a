using HSENet.Model.Runtime;
using HSENet.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>
/// BERT (post-norm, exact GELU, LayerNorm 1e-12) without its pooler: the CLS token of the last hidden state is what the contrastive stages use.
/// RoBERTa is the same with other numbers (<see cref="TextEncoderConfig"/>). Names are those of the Hugging Face files.
/// </summary>
internal sealed class TextEncoder : Module<Tensor, Tensor, Tensor>
{
    private readonly TextEmbeddings embeddings;
    private readonly TextLayers encoder;

    public TextEncoder(TextEncoderConfig config)
        : base(nameof(TextEncoder))
    {
        Config = config.Validated();
        embeddings = new TextEmbeddings(config);
        encoder = new TextLayers(config);
        RegisterComponents();
        eval();
    }

    public TextEncoderConfig Config { get; }

    /// <param name="input1">token ids [B, T]</param>
    /// <param name="input2">attention mask [B, T]: 1 for text, 0 for padding</param>
    /// <returns>last hidden state [B, T, hidden], CLS first</returns>
    /// <exception cref="HSENetModelException"><c>model.input</c>: too many tokens, or an id outside the vocabulary, a text that is all padding.</exception>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        Check(input1, input2);
        var mask = input2.not_equal(0).unsqueeze(1).unsqueeze(1);                                   // [B, 1, 1, T]
        return encoder.call(embeddings.call(input1), mask).MoveToOuterDisposeScope();               // [B, T, hidden]
    }

    private void Check(Tensor ids, Tensor mask)
    {
        if (ids.shape is not [_, var tokens] || tokens == 0 || tokens > Config.LongestText || !mask.shape.SequenceEqual(ids.shape))
        {
            throw new HSENetModelException(
                "model.input", $"Texts must be [B, 1 … {Config.LongestText}] with a mask of the same shape, found [{string.Join(", ", ids.shape)}] and [{string.Join(", ", mask.shape)}].");
        }

        if (ids.min().item<long>() < 0 || ids.max().item<long>() >= Config.Vocabulary)
        {
            throw new HSENetModelException("model.input", $"A token id is outside the text encoder's vocabulary of {Config.Vocabulary}.");
        }

        if (!PaddingCheck.LeavesSomething(mask))
        {
            throw new HSENetModelException("model.input", "The mask of a text is all zeros: it has no token.");
        }
    }
}
