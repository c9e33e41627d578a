using System.Text.Json.Serialization;
using HSENet.Dicom.Sending;
using HSENet.Model;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Operating;

/// <summary>A job as an operator sees it: keys, states and codes, no patient data. Times are the database's clock, UTC.</summary>
internal sealed record JobSummary
{
    public required Guid JobId { get; init; }

    public required string State { get; init; }

    /// <summary>1 routine, 2 stat.</summary>
    public required short Priority { get; init; }

    public required int Attempt { get; init; }

    public required string Route { get; init; }

    public required string Mode { get; init; }

    public required string Model { get; init; }

    public required Guid SeriesKey { get; init; }

    public required string StudyUid { get; init; }

    /// <summary>Accession Number of its study; null when the images have none.</summary>
    public string? Accession { get; init; }

    public required int SeriesRevision { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime NotBefore { get; init; }

    public DateTime? EndedAt { get; init; }

    public string? LeaseOwner { get; init; }

    public DateTime? LeaseUntil { get; init; }

    public string? ModelDigest { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorDetail { get; init; }

    /// <summary>The next ids in their order, which its own is told from; not for the reader of JSON.</summary>
    [JsonIgnore]
    public Guid? IdBefore { get; init; }

    [JsonIgnore]
    public Guid? IdAfter { get; init; }

    /// <summary>So much of the id that no other job begins with it.</summary>
    [JsonIgnore]
    public string ShortId => Operating.ShortId.Of(JobId, IdBefore, IdAfter);

    /// <summary>SOP Instance UID of its report; null without one.</summary>
    public string? ReportUid { get; init; }

    /// <summary>How the text of its report ended; null without one.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Why its report says PARTIAL; null when it says COMPLETE, and without a report.</summary>
    public string? PartialReason => Enum.TryParse<FinishReason>(FinishReason, ignoreCase: true, out var finish)
        ? PartialText.Reason(finish, IsSeriesPartial, SeriesReason, IsCoveredInPart)
        : null;

    /// <summary>What the report's manifest says of its series.</summary>
    [JsonIgnore]
    public bool IsSeriesPartial { get; init; }

    [JsonIgnore]
    public string? SeriesReason { get; init; }

    [JsonIgnore]
    public bool IsCoveredInPart { get; init; }

    /// <summary>What the check of pixels found and did not refuse: code and detail.</summary>
    public string[] ContentNotes { get; init; } = [];

    /// <summary>Destinations that its report did not come to, and is not sent to any more.</summary>
    public string[] FailedDeliveries { get; init; } = [];

    /// <summary>Destinations that its report was tried to be sent to without success, and is tried again.</summary>
    public string[] TriedDeliveries { get; init; } = [];
}

/// <summary>A delivery of a job's report.</summary>
internal sealed record JobDelivery
{
    public required string Destination { get; init; }

    public required string State { get; init; }

    public required int Attempt { get; init; }

    /// <summary>It is not tried before.</summary>
    public required DateTime NotBefore { get; init; }

    public DateTime? StoredAt { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorDetail { get; init; }

    /// <summary>Status of its last answer; null when there was none.</summary>
    public int? AnswerStatus { get; init; }

    /// <summary>What it said to it (Error Comment), values of the patient masked.</summary>
    public string? AnswerComment { get; init; }

    /// <summary>What it took offence at (Offending Element).</summary>
    public string? AnswerElements { get; init; }

    /// <summary>Name of the status in the standard.</summary>
    public string? AnswerName => AnswerStatus is { } code ? DimseStatus.Of((ushort)code).Name : null;
}

/// <summary>An audit row of a job or series, or several alike of a series' images.</summary>
internal sealed record JobEvent
{
    /// <summary>Of several: the first.</summary>
    public required DateTime At { get; init; }

    /// <summary>Of several: the last; null for one.</summary>
    public DateTime? LastAt { get; init; }

    public int Count { get; init; } = 1;

    public required string Event { get; init; }

    public required string Actor { get; init; }

    public string? Reason { get; init; }
}

/// <summary>Everything about one job.</summary>
internal sealed record JobStory(JobSummary Job, string StudyUid, string SeriesUid, IReadOnlyList<JobDelivery> Deliveries, IReadOnlyList<JobEvent> Events);
