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

    public GenerationOptions ToOptions() => new()
    {
        MaxNewTokens = MaxNewTokens,
        StopTokens = Stop.Select(id => (long)id).ToHashSet(),
        MinNewTokens = MinNewTokens,
        TimeLimit = TimeSpan.FromSeconds(TimeLimitSeconds),
    };
}
