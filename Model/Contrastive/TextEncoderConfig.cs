using HSENet.Model.Vision;

namespace HSENet.Model.Contrastive;

/// <summary>Sizes of the text encoder (BERT).</summary>
/// <param name="Vocabulary">Rows of the word table.</param>
/// <param name="Hidden">Width of a token.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Intermediate">Inner width of a block's MLP.</param>
/// <param name="Positions">Rows of the position table.</param>
internal sealed record TextEncoderConfig(int Vocabulary, int Hidden, int Layers, int Heads, int Intermediate, int Positions)
{
    /// <summary>Rows of the segment table, of which the first is used. RoBERTa: 1.</summary>
    public int TokenTypes { get; init; } = 2;

    /// <summary>Of the LayerNorms. RoBERTa: 1e-5.</summary>
    public double Epsilon { get; init; } = 1e-12;

    /// <summary>Null: positions count from 0 (BERT). Else the id of padding: positions count from the number after it and pass over padding (RoBERTa).</summary>
    public int? PaddingId { get; init; }

    /// <summary>Tokens of the longest text.</summary>
    public int LongestText => Positions - (PaddingId + 1 ?? 0);

    /// <summary>bert-base-uncased.</summary>
    public static TextEncoderConfig Full { get; } = new(30522, 768, 12, 12, 3072, 512);

    /// <summary>For tests.</summary>
    public static TextEncoderConfig Tiny { get; } = new(40, 32, 2, 4, 64, 16);

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public TextEncoderConfig Validated()
    {
        ConfigCheck.Positive("text", Vocabulary, Hidden, Layers, Heads, Intermediate, Positions);
        ConfigCheck.Positive("text", TokenTypes, LongestText);
        ConfigCheck.Divides("text.hidden/heads", Hidden, Heads);
        return this;
    }
}
