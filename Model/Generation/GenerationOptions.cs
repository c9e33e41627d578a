namespace HSENet.Model.Generation;

/// <summary>Limits of one text and how its tokens are chosen. The same input gives the same text, also where tokens are drawn.</summary>
internal sealed record GenerationOptions
{
    /// <summary>Most new tokens. Default 512.</summary>
    public int MaxNewTokens { get; init; } = 512;

    /// <summary>Tokens that end the text.</summary>
    public required IReadOnlySet<long> StopTokens { get; init; }

    /// <summary>Fewest new tokens of a complete text. Default 4.</summary>
    public int MinNewTokens { get; init; } = 4;

    /// <summary>0: the likeliest token; above, the lower the closer to it. Default 0.</summary>
    public double Temperature { get; init; }

    /// <summary>Where tokens are drawn: share of the probability that the candidates together must reach, 0..1. Default 1: every token.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Start of the draws. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Wall-clock limit of prefill and decoding. Default 10 min.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);
}
