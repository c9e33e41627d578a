using HSENet.Dicom.Series;

namespace HSENet.Dicom.Reports;

/// <summary>Everything that goes into one draft report document. All values are given: building it twice gives the same bytes.</summary>
public sealed record DraftReport
{
    /// <summary>Identity of the report: series and instance UID of the document derive from it.</summary>
    public required Guid ReportId { get; init; }

    public required SourceSeries Source { get; init; }

    public required string Findings { get; init; }

    /// <summary>Empty when the model writes findings only.</summary>
    public required string Impression { get; init; }

    /// <summary>Null when the text is complete; else why the Completion Flag is PARTIAL.</summary>
    public string? PartialReason { get; init; }

    /// <summary>What is to be said of the patient's identification, such as that it was corrected. Null: nothing.</summary>
    public string? IdentityNote { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The site's: the clock of the document's times where the source does not tell its own.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    public required ReportAuthor Author { get; init; }

    /// <summary>SOP instance UID of the report that this one supersedes, with its series UID; null for a first report.</summary>
    public (string SeriesInstanceUid, string SopInstanceUid)? Predecessor { get; init; }

    /// <summary>Study Instance UID of the predecessor; null: that of the source.</summary>
    public string? PredecessorStudyUid { get; init; }

    /// <summary>The predecessor was made of the same slices, and its stored bytes are lost: its reader learns why there are two.</summary>
    public bool ReplacesLost { get; init; }
}

/// <summary>The software that wrote a report.</summary>
public sealed record ReportAuthor
{
    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    /// <summary>SHA-256 over the model directory's files.</summary>
    public required string ModelDigest { get; init; }

    public required string ServiceVersion { get; init; }

    /// <summary>Identifies the installation: device serial number of the document.</summary>
    public required string DeploymentId { get; init; }

    public required string StationAeTitle { get; init; }

    /// <summary>Extra sentence for the head of the report, for example "demonstration model, untrained, not for clinical use". Null: none.</summary>
    public string? Warning { get; init; }
}
