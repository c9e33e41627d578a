namespace HSENet.Model.Text;

/// <summary>What a word split needs to know of a character.</summary>
internal enum CharacterKind
{
    /// <summary>Punctuation, symbols, controls, unpaired surrogates.</summary>
    Other,

    /// <summary>\p{Lu}, \p{Lt}</summary>
    Upper,

    /// <summary>\p{Ll}</summary>
    Lower,

    /// <summary>\p{Lm}, \p{Lo}</summary>
    Uncased,

    /// <summary>\p{M}</summary>
    Mark,

    /// <summary>\p{N}</summary>
    Number,

    /// <summary>White space but line breaks.</summary>
    Space,

    /// <summary>CR, LF</summary>
    LineBreak,
}
