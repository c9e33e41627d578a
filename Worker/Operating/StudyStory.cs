namespace HSENet.Worker.Operating;

/// <summary>Everything that happened to a study, from association to delivery: keys, UIDs, states and codes, no patient data.</summary>
/// <param name="StudyUid">Study Instance UID.</param>
/// <param name="Accession">Accession Number of its images, when they have one.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Associations">Those that brought it, in their order.</param>
/// <param name="Series">Its series, in the order in which they began to arrive.</param>
internal sealed record StudyStory(
    string StudyUid, string? Accession, StudyOutcome Outcome, IReadOnlyList<StudyAssociation> Associations, IReadOnlyList<StudySeries> Series);

/// <summary>An association that brought images of the study.</summary>
internal sealed record StudyAssociation
{
    public required Guid AssociationId { get; init; }

    public required string CallingAe { get; init; }

    public required string RemoteHost { get; init; }

    public required DateTime OpenedAt { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTime? ClosedAt { get; init; }

    public string? Ending { get; init; }

    /// <summary>Instances of this study.</summary>
    public required int StoredCount { get; init; }

    public required int DuplicateCount { get; init; }

    public required int ConflictCount { get; init; }

    /// <summary>What was refused in it, whatever study it may be of.</summary>
    public IReadOnlyList<StudyRefusal> Refusals { get; init; } = [];
}

/// <summary>Instances of an association that were refused for the same reason.</summary>
internal sealed record StudyRefusal
{
    public required Guid AssociationId { get; init; }

    public required string Code { get; init; }

    public required long Count { get; init; }

    /// <summary>Names in the quarantine of what was kept.</summary>
    public string[] Quarantine { get; init; } = [];
}

/// <summary>A series of the study.</summary>
internal sealed record StudySeries
{
    public required Guid SeriesKey { get; init; }

    public required string SeriesUid { get; init; }

    public string? Modality { get; init; }

    public required string State { get; init; }

    public required int Revision { get; init; }

    public required int InstanceCount { get; init; }

    public string? Completeness { get; init; }

    public string? RefusalCode { get; init; }

    public string? RefusalDetail { get; init; }

    public required string SourceAe { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime LastInstanceAt { get; init; }

    public DateTime? ClosedAt { get; init; }

    /// <summary>What each route of one report for a study made of it.</summary>
    public IReadOnlyList<StudyChoiceState> Choices { get; init; } = [];

    public IReadOnlyList<JobEvent> Events { get; init; } = [];

    public IReadOnlyList<StudyJob> Jobs { get; init; } = [];
}

/// <summary>What a route of one report for a study made of a series.</summary>
internal sealed record StudyChoiceState
{
    public required string Route { get; init; }

    /// <summary>waiting, chosen, replaced, passed or failed.</summary>
    public required string State { get; init; }
}

/// <param name="Job">The job.</param>
/// <param name="ReportUid">SOP Instance UID of its report; null without one.</param>
/// <param name="Deliveries">Where the report went, with the answers.</param>
/// <param name="Events">Its audit rows.</param>
internal sealed record StudyJob(JobSummary Job, string? ReportUid, IReadOnlyList<JobDelivery> Deliveries, IReadOnlyList<JobEvent> Events);

/// <summary>Associations that were refused for the same reason.</summary>
internal sealed record RefusedAssociation
{
    public required string Actor { get; init; }

    public string? Host { get; init; }

    public string? Called { get; init; }

    public required string Code { get; init; }

    public required long Count { get; init; }

    /// <summary>Images that were refused in associations that were taken; null: the associations themselves were refused.</summary>
    public long? Images { get; init; }

    public required DateTime LastAt { get; init; }

    /// <summary>Where the images lie.</summary>
    public string[] Quarantine { get; init; } = [];
}
