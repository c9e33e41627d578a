using HSENet.Model.Vision;

namespace HSENet.Model.Contrastive;

/// <summary>Sizes of the text encoder (BERT).</summary>
/// <param name="Vocabulary">Rows of the word table.</param>
/// <param name="Hidden">Width of a token.</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Intermediate">Inner width of a block's MLP.</param>
/// <param name="Positions">Longest text, tokens.</param>
internal sealed record TextEncoderConfig(int Vocabulary, int Hidden, int Layers, int Heads, int Intermediate, int Positions)
{
    /// <summary>Rows of the segment table; texts here have one segment.</summary>
    public const int TokenTypes = 2;

    /// <summary>bert-base-uncased.</summary>
    public static TextEncoderConfig Full { get; } = new(30522, 768, 12, 12, 3072, 512);

    /// <summary>For tests.</summary>
    public static TextEncoderConfig Tiny { get; } = new(40, 32, 2, 4, 64, 16);

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public TextEncoderConfig Validated()
    {
        ConfigCheck.Positive("text", Vocabulary, Hidden, Layers, Heads, Intermediate, Positions);
        ConfigCheck.Divides("text.hidden/heads", Hidden, Heads);
        return this;
    }
}
