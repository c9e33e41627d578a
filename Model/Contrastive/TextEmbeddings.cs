using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>Word + position + segment (always the first), normed.</summary>
internal sealed class TextEmbeddings : Module<Tensor, Tensor>
{
    private const double Deviation = 0.02;

    private readonly Embedding word_embeddings;          // [vocabulary, hidden]
    private readonly Embedding position_embeddings;      // [positions, hidden]
    private readonly Embedding token_type_embeddings;    // [2, hidden]
    private readonly LayerNorm LayerNorm;
    private readonly int? _padding;

    public TextEmbeddings(TextEncoderConfig config)
        : base(nameof(TextEmbeddings))
    {
        _padding = config.PaddingId;
        word_embeddings = Embedding(config.Vocabulary, config.Hidden);
        position_embeddings = Embedding(config.Positions, config.Hidden);
        token_type_embeddings = Embedding(config.TokenTypes, config.Hidden);
        foreach (var table in (ReadOnlySpan<Embedding>)[word_embeddings, position_embeddings, token_type_embeddings])
        {
            init.normal_(table.weight!, 0, Deviation);
        }

        LayerNorm = nn.LayerNorm(config.Hidden, config.Epsilon);
        RegisterComponents();
    }

    /// <param name="input">token ids [B, T]</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var positions = Positions(input);                                                           // [T] or [B, T]
        var sum = word_embeddings.call(input).Plus(token_type_embeddings.call(zeros_like(input))).Plus(position_embeddings.call(positions));
        return functional.dropout(LayerNorm.call(sum), TextOutput.DropoutRate, training).MoveToOuterDisposeScope();   // [B, T, hidden]
    }

    private Tensor Positions(Tensor ids)
    {
        if (_padding is not { } padding)
        {
            return Numbers.Range(ids.shape[1], ids.device);                                         // [T]
        }

        var text = ids.not_equal(padding).to_type(ScalarType.Int64);                                // [B, T]
        return (text.cumsum(1) * text).Plus(padding);                                               // [B, T]
    }
}
