namespace HSENet.Worker.Observability;

/// <summary>How many rows are in a state, and for how long the oldest of them.</summary>
internal sealed record StateCount
{
    public required string State { get; init; }

    /// <summary>Of a delivery; null for others.</summary>
    public string? Destination { get; init; }

    public required long Count { get; init; }

    /// <summary>Seconds since the oldest row was made.</summary>
    public required double OldestSeconds { get; init; }
}

/// <summary>One look at the tables, by the database's clock.</summary>
internal sealed record WorkCounts
{
    public static WorkCounts None { get; } = new();

    /// <summary>Series that are receiving, and studies that wait for their best one (<c>undecided</c>).</summary>
    public IReadOnlyList<StateCount> Series { get; init; } = [];

    /// <summary>Jobs without a report, by state.</summary>
    public IReadOnlyList<StateCount> Jobs { get; init; } = [];

    /// <summary>Deliveries that have not arrived, by state and destination.</summary>
    public IReadOnlyList<StateCount> Deliveries { get; init; } = [];

    /// <summary>Audit rows written so far; null before the first look.</summary>
    public long? AuditRows { get; init; }
}
