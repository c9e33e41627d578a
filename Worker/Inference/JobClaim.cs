namespace HSENet.Worker.Inference;

/// <summary>A job that this process holds. The fence tells the holder from later ones: with an older fence no transition succeeds.</summary>
internal sealed record JobClaim
{
    public required Guid JobId { get; init; }

    public required Guid SeriesKey { get; init; }

    public required int SeriesRevision { get; init; }

    public required string ContentHash { get; init; }

    public required bool IsPartial { get; init; }

    /// <summary>Of a partial series: stable code of why; null in a row from before it was kept there.</summary>
    public string? PartialReason { get; init; }

    public required string Route { get; init; }

    public required string Mode { get; init; }

    /// <summary>Name of the model directory that the route asks for.</summary>
    public required string Model { get; init; }

    /// <summary>Names of the destinations that the report goes to; null in a row from before they were kept there.</summary>
    public string[]? Destinations { get; init; }

    /// <summary>The sender has corrected the patient, or the study, of the images: the report says so.</summary>
    public bool IsIdentityCorrected { get; init; }

    /// <summary>W3C traceparent of what made the job; null when it was not traced.</summary>
    public string? TraceContext { get; init; }

    /// <summary>Who holds it.</summary>
    public string? Owner { get; init; }

    public required long Fence { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Fixed at the first claim, so that each attempt writes the same report time.</summary>
    public required DateTime ReportCreatedAt { get; init; }

    /// <summary>
    /// Where the newest report of an earlier job of this series and route lies: in another study than the images when those were moved.
    /// Null for none.
    /// </summary>
    public string? PredecessorStudyUid { get; init; }

    public string? PredecessorSeriesUid { get; init; }

    public string? PredecessorSopUid { get; init; }
}

/// <summary>Timing of jobs.</summary>
internal sealed record JobTiming
{
    /// <summary>How long a claim holds without renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a claim is renewed.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A queued job that nobody claimed for so long is sent again, whatever the queue looks like: a job that waits for its turn is not sent
    /// twice.
    /// </summary>
    public TimeSpan QueuedTooLong { get; init; } = TimeSpan.FromHours(12);

    /// <summary>A queued job younger than this may have its message on the way.</summary>
    public TimeSpan MessageAge { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long fewer messages than queued jobs must be seen before they count as lost.</summary>
    public TimeSpan MessagePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a consumer may hold a message at most whose process runs nothing: it steps back for STAT work, or waits for a GPU.
    /// </summary>
    public TimeSpan IdleHold { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Attempts before a job is dead.</summary>
    public int MaximumAttempts { get; init; } = 5;

    /// <summary>How long a message is held for a GPU without room before its job goes back to the table, from where another process may get it.</summary>
    public TimeSpan GpuPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>When such a job is sent again.</summary>
    public TimeSpan GpuPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Jobs of one priority class that may be queued at a time: the rest waits in the table, where priority counts.</summary>
    public int QueueWindow { get; init; } = 8;
}
