namespace HSENet.Worker.Commitment;

/// <summary>Times of storage commitment. Tests have shorter ones.</summary>
internal sealed record CommitmentTiming
{
    /// <summary>From a sender's request to our report: for the sender to release the association, or to show that it waits there.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For a destination's first answer; doubles with each time it is asked, at most <see cref="LongestWait"/>. A later answer still counts.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Before the second try of anything that failed; doubles, at most <see cref="LongestPause"/>.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After this a report that cannot be told, or an answer that does not come, is given up.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Longer than checking and telling may take: after it a crashed process's work is done again.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(10);

    /// <param name="round">From 1.</param>
    public TimeSpan WaitOf(int round) => Doubled(Wait, LongestWait, round);

    /// <param name="attempt">Attempts made, from 1.</param>
    public TimeSpan PauseAfter(int attempt) => Doubled(Pause, LongestPause, attempt);

    private static TimeSpan Doubled(TimeSpan first, TimeSpan longest, int count) => first * Math.Min(Math.Pow(2, Math.Clamp(count - 1, 0, 40)), longest / first);
}
