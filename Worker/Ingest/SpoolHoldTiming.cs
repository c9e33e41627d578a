namespace HSENet.Worker.Ingest;

/// <summary>Times of <see cref="SpoolHold"/>.</summary>
internal sealed record SpoolHoldTiming
{
    /// <summary>How long a start waits for the lock of a process that is gone already: the server may learn of that a moment later.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a gateway on another folder than the last one's waits for that one to come back: it may live, and only have lost its connection.</summary>
    public TimeSpan Return { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between two tries.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the session that holds the lock is used, so that its loss is seen. A small part of <see cref="Return"/>.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(2);
}
