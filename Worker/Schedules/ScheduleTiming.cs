namespace HSENet.Worker.Schedules;

/// <summary>How soon the schedulers of several gateways learn of each other. The clocks of their machines must agree to a second or so (NTP).</summary>
internal sealed record ScheduleTiming
{
    /// <summary>How often each says that it lives.</summary>
    public TimeSpan CheckinInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a missing sign of life the others take over. Longer than a machine may stand still.</summary>
    public TimeSpan CheckinThreshold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How late a job may begin before it counts as missed, and is then run once.</summary>
    public TimeSpan MisfireThreshold { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a scheduler without work waits before it looks again.</summary>
    public TimeSpan IdleWait { get; init; } = TimeSpan.FromSeconds(10);
}
