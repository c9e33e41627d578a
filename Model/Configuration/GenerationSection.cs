using System.Text.Json.Serialization;
using HSENet.Model.Generation;

namespace HSENet.Model.Configuration;

/// <summary>How text is generated.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GenerationSection
{
    /// <summary>Most new tokens.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Ids of the tokens that end the text.</summary>
    public required int[] Stop { get; init; }

    /// <summary>Fewest new tokens of a complete text.</summary>
    public int MinNewTokens { get; init; } = 4;

    /// <summary>Wall-clock limit of prefill and decoding, seconds.</summary>
    public double TimeLimitSeconds { get; init; } = 600;

    /// <summary>0: greedy.</summary>
    public double Temperature { get; init; }

    /// <summary>Share of the probability that candidates must reach, where tokens are drawn.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Start of the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most new tokens of an answer to a question.</summary>
    public int AnswerMaxNewTokens { get; init; } = 74;

    /// <summary>For answers: they may be a single word.</summary>
    public GenerationOptions ToAnswerOptions() => ToOptions() with { MaxNewTokens = AnswerMaxNewTokens, MinNewTokens = 1 };

    public GenerationOptions ToOptions() => new()
    {
        MaxNewTokens = MaxNewTokens,
        StopTokens = Stop.Select(id => (long)id).ToHashSet(),
        MinNewTokens = MinNewTokens,
        Temperature = Temperature,
        TopP = TopP,
        Seed = Seed,
        TimeLimit = TimeSpan.FromSeconds(TimeLimitSeconds),
    };
}
