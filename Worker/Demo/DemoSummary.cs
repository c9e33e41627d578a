using System.Text.Json;

namespace HSENet.Worker.Demo;

/// <summary>What happened in one demo run: <c>summary.json</c>.</summary>
internal sealed record DemoSummary
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary><c>drafted</c>, <c>refused</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    public string? Reason { get; init; }

    /// <summary><c>phantom</c> or <c>folder</c>.</summary>
    public required string Source { get; init; }

    public required int InstancesSent { get; init; }

    /// <summary>Findings that were drawn into the phantom, in words; empty for a folder.</summary>
    public required IReadOnlyList<string> Drawn { get; init; }

    public string? ReportSopInstanceUid { get; init; }

    public string? StudyInstanceUid { get; init; }

    public string? ModelName { get; init; }

    public string? ModelVersion { get; init; }

    public string? ModelDigest { get; init; }

    public string? ModelWarning { get; init; }

    public string? HuSha256 { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>From the first byte sent to the report at the PACS.</summary>
    public required double Seconds { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}
