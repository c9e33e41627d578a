namespace HSENet.Worker.Schedules;

/// <summary>A schedule as an operator sees it. Times are UTC.</summary>
internal sealed record ScheduleSummary
{
    public required string Name { get; init; }

    /// <summary><c>any</c>: one of the gateways runs it; else the identity of the spool whose gateway does.</summary>
    public required string Scope { get; init; }

    /// <summary>Quartz's cron expression, seconds first, in UTC.</summary>
    public string? Cron { get; init; }

    /// <summary><c>waiting</c>, <c>running</c>, or what else Quartz calls it: <c>acquired</c>, <c>blocked</c>, <c>paused</c>, <c>error</c>, <c>complete</c>.</summary>
    public required string State { get; init; }

    public DateTime? NextAt { get; init; }

    public DateTime? LastAt { get; init; }

    /// <summary><c>succeeded</c>, <c>failed</c>, <c>cancelled</c>, <c>skipped</c>; null before the first run.</summary>
    public string? LastResult { get; init; }

    public double? LastSeconds { get; init; }

    /// <summary>The process that ran it last.</summary>
    public string? LastInstance { get; init; }

    /// <summary>Why it failed, when the last run did.</summary>
    public string? LastError { get; init; }

    public int ConsecutiveFailures { get; init; }

    public long RunCount { get; init; }
}
