namespace HSENet.Worker.Routing.Rules;

internal enum RuleTokenKind
{
    /// <summary>A keyword of the standard, or a word of the language.</summary>
    Word,

    /// <summary>In double quotes; the text is without them.</summary>
    Text,

    Number,

    /// <summary>An operator, a parenthesis, a bracket, a comma or two dots.</summary>
    Sign,

    End,
}

/// <summary>One piece of a rule.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; of a text, its content.</param>
/// <param name="Position">Zero-based place in the rule.</param>
internal readonly record struct RuleToken(RuleTokenKind Kind, string Text, int Position)
{
    public bool Is(string word) => Kind is RuleTokenKind.Word or RuleTokenKind.Sign && Text == word;

    public override string ToString() => Kind == RuleTokenKind.End ? "the end" : $"\"{Text}\"";
}
