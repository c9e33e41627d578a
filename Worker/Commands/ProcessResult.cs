using System.Text.Json;
using System.Text.Json.Serialization;

namespace HSENet.Worker.Commands;

/// <summary>The JSON that <c>process --json</c> writes (design.md section 3).</summary>
internal sealed record ProcessResult
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary><c>drafted</c>, <c>answered</c> or <c>refused</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Code of the refusal; <c>text.incomplete</c> for a report or an answer that is not whole; else null.</summary>
    public string? Reason { get; init; }

    public string? SeriesUid { get; init; }

    /// <summary>SOP Instance UIDs of the slices used, feet first.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    public string? HuSha256 { get; init; }

    public TextPart? Text { get; init; }

    public string? Answer { get; init; }

    public string? FinishReason { get; init; }

    public ModelPart? Model { get; init; }

    public SecondsPart? Seconds { get; init; }

    public int? Tokens { get; init; }

    /// <summary>What is odd about folder or series, and no reason to refuse it.</summary>
    public IReadOnlyList<NotePart> Notes { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    internal sealed record NotePart(string Code, string Detail)
    {
        /// <summary>Those that the note is about, by their names within the folder; of many the first.</summary>
        public IReadOnlyList<string> Files { get; init; } = [];

        /// <summary>How many more there are.</summary>
        public int MoreFiles { get; init; }
    }

    internal sealed record TextPart(string Findings, string Impression);

    internal sealed record ModelPart(string Name, string Version, string Digest);

    internal sealed record SecondsPart(double Read, double Preprocess, double Encode, double Prefill, double Decode, double Total);
}
