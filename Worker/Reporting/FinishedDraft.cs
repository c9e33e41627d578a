namespace HSENet.Worker.Reporting;

/// <summary>A finished report, as stored with the transition to drafted.</summary>
internal sealed record FinishedDraft
{
    public required Guid JobId { get; init; }

    public required string SeriesInstanceUid { get; init; }

    public required string SopInstanceUid { get; init; }

    /// <summary>The Part 10 file: delivery sends these bytes and no others.</summary>
    public required byte[] Document { get; init; }

    public required string Text { get; init; }

    /// <summary><c>stop</c> or why the text is partial.</summary>
    public required string FinishReason { get; init; }

    /// <summary>The reproducibility manifest, JSON.</summary>
    public required string Manifest { get; init; }

    /// <summary>Of the check of pixels, as the manifest has them.</summary>
    public IReadOnlyList<string> ContentNotes => ReportManifest.ContentNotes(Manifest);

    public required string ModelName { get; init; }

    public string? ModelVersion { get; init; }

    public required string ModelDigest { get; init; }

    /// <summary>What the model is for, as its directory says.</summary>
    public required string ModelPurpose { get; init; }

    public required string HuSha256 { get; init; }

    /// <summary>Not written now: the spool had it, from before the database was lost.</summary>
    public bool IsKept { get; init; }
}
