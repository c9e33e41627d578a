using System.Text.Json.Serialization;
using HSENet.Model.Contrastive;

namespace HSENet.Model.Configuration;

/// <summary>Sizes of the text encoder (BERT) of the contrastive stages.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TextSection
{
    public required int Vocab { get; init; }

    public required int Hidden { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Intermediate { get; init; }

    /// <summary>Longest text, tokens.</summary>
    public required int Positions { get; init; }

    /// <summary>File with the WordPiece vocabulary (<c>vocab.txt</c> or <c>tokenizer.json</c>); null: only token ids can be encoded.</summary>
    public string? Tokenizer { get; init; }

    /// <summary><see cref="Tokenizer"/> as a list, of no or one file.</summary>
    [JsonIgnore]
    public string[] Files => Tokenizer is null ? [] : [Tokenizer];

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public TextEncoderConfig ToConfig() => new TextEncoderConfig(Vocab, Hidden, Layers, Heads, Intermediate, Positions).Validated();
}
