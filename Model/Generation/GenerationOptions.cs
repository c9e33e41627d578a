namespace HSENet.Model.Generation;

/// <summary>Limits of one text. Decoding is greedy: the same input gives the same text.</summary>
internal sealed record GenerationOptions
{
    /// <summary>Most new tokens. Default 512.</summary>
    public int MaxNewTokens { get; init; } = 512;

    /// <summary>Tokens that end the text.</summary>
    public required IReadOnlySet<long> StopTokens { get; init; }

    /// <summary>Fewest new tokens of a complete text. Default 4.</summary>
    public int MinNewTokens { get; init; } = 4;

    /// <summary>Wall-clock limit from the start of decoding. Default 10 min.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);
}
