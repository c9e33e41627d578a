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

    /// <summary>Wall-clock limit of prefill and decoding, seconds. Null: ten minutes on a GPU, an hour on a processor, where the published size takes a second a token.</summary>
    public double? TimeLimitSeconds { get; init; }

    /// <summary>0: greedy.</summary>
    public double Temperature { get; init; }

    /// <summary>Share of the probability that candidates must reach, where tokens are drawn.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Start of the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most new tokens of an answer to a question.</summary>
    public int AnswerMaxNewTokens { get; init; } = 74;

    /// <summary>For answers: they may be a single word.</summary>
    /// <param name="isGpu">Where the language model runs.</param>
    public GenerationOptions ToAnswerOptions(bool isGpu) => ToOptions(isGpu) with { MaxNewTokens = AnswerMaxNewTokens, MinNewTokens = 1 };

    /// <param name="isGpu">Where the language model runs.</param>
    public GenerationOptions ToOptions(bool isGpu) => new()
    {
        MaxNewTokens = MaxNewTokens,
        StopTokens = Stop.Select(id => (long)id).ToHashSet(),
        MinNewTokens = MinNewTokens,
        Temperature = Temperature,
        TopP = TopP,
        Seed = Seed,
        TimeLimit = TimeLimitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : isGpu ? TimeSpan.FromMinutes(10) : TimeSpan.FromHours(1),
    };
}
