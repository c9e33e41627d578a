using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HSENet.Worker.Reporting;

/// <summary>What the spool knows of a report that it keeps: written beside the bytes and once more elsewhere, so that the loss of either is seen.</summary>
internal sealed record KeptReport
{
    public required Guid JobId { get; init; }

    public required Guid SeriesKey { get; init; }

    /// <summary>Of the images that it was made of.</summary>
    public required string ContentHash { get; init; }

    public required string Route { get; init; }

    public required string SeriesInstanceUid { get; init; }

    public required string SopInstanceUid { get; init; }

    /// <summary>SHA-256 (lower-case hex) of the Part 10 file.</summary>
    public required string Sha256 { get; init; }

    public required string FinishReason { get; init; }

    /// <summary>The reproducibility manifest, JSON as text.</summary>
    public required string Manifest { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>SHA-256 of the SOP Instance UIDs of the images, as the manifest has it; null when it does not.</summary>
    [JsonIgnore]
    public string? ImagesDigest => JsonNode.Parse(Manifest)?["input"]?["sop_uid_sha256"]?.GetValue<string>();

    /// <summary>SHA-256 of the volume in HU and of what the images' headers say to a report, as the manifest has them; else null.</summary>
    [JsonIgnore]
    public InputDigests? Digests => JsonNode.Parse(Manifest)?["input"] is { } input && input["hu_sha256"]?.GetValue<string>() is { } hu
        ? new(hu, input["header_sha256"]?.GetValue<string>())
        : null;

    /// <summary>Whether the series was not known to be whole when it was reported; null when the manifest does not tell.</summary>
    [JsonIgnore]
    public bool? IsSeriesPartial => JsonNode.Parse(Manifest)?["input"]?["is_partial"]?.GetValue<bool>();

    /// <summary>The Part 10 file; null when it is gone, or is not what was kept.</summary>
    [JsonIgnore]
    public byte[]? Document { get; init; }
}
