namespace HSENet.Worker.Routing;

/// <summary>A closed series that a study's one report may be made of.</summary>
internal sealed record Candidate
{
    public required Guid CandidateId { get; init; }

    public required Guid SeriesKey { get; init; }

    public required int SeriesRevision { get; init; }

    public required string ContentHash { get; init; }

    public required bool IsPartial { get; init; }

    /// <summary>Of a partial one: stable code of why.</summary>
    public string? PartialReason { get; init; }

    public required bool IsSharp { get; init; }

    public required double SpacingMm { get; init; }

    public required int SliceCount { get; init; }

    public required string Mode { get; init; }

    public required string Model { get; init; }

    public required short Priority { get; init; }

    public required string[] Destinations { get; init; }

    public string? TraceContext { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>Of a chosen one.</summary>
    public Guid? JobId { get; init; }

    /// <summary>Its series is still what it was made of: closed, at this revision.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>The spool has a report of its content that the database does not know, from before it was lost.</summary>
    public bool HasKeptReport { get; init; }

    public SeriesRank Rank => new(IsPartial, IsSharp, SpacingMm, SliceCount);
}
