namespace HSENet.Worker.Series;

/// <summary>Whether to close a series.</summary>
internal enum CompletionKind
{
    Wait,
    Complete,
    Partial,
}

/// <summary>What <see cref="CompletionPolicy"/> says about a series.</summary>
/// <param name="Kind">Whether to close it.</param>
/// <param name="ClosedBy">What closes it: quiet-period, deadline or outer-limit; empty while it waits.</param>
/// <param name="Reason">Of a partial one: stable code of what is not known to have come (<see cref="PartialReason"/>).</param>
internal sealed record Completion(CompletionKind Kind, string ClosedBy, string? Reason)
{
    public static Completion Wait { get; } = new(CompletionKind.Wait, "", null);

    public static Completion Complete { get; } = new(CompletionKind.Complete, ByQuietPeriod, null);

    public const string ByQuietPeriod = "quiet-period";

    public const string ByDeadline = "deadline";

    public const string ByOuterLimit = "outer-limit";

    public bool IsPartial => Kind == CompletionKind.Partial;

    public static Completion Partial(string closedBy, string reason) => new(CompletionKind.Partial, closedBy, reason);
}
