using HSENet.Faults.Site;

namespace HSENet.Faults;

/// <summary>Something that goes wrong in a hospital.</summary>
/// <param name="Name">As the command line calls it.</param>
/// <param name="Shape">What it needs.</param>
/// <param name="InflictAsync">Inflicts it while series are sent, and mends it as an operator or a supervisor would.</param>
internal sealed record FaultCase(string Name, SiteShape Shape, Func<FaultSite, FaultMoment, Task> InflictAsync)
{
    /// <summary>What told that a series is whole is lost with the database: its report may call itself partial.</summary>
    public bool MayBePartial { get; init; }

    /// <summary>What must be so beside the reports, of these studies, when all have come; null: nothing.</summary>
    public Func<FaultSite, IReadOnlyCollection<string>, Task>? VerifyAsync { get; init; }

    /// <summary>Why it cannot be tried here; null when it can.</summary>
    public string? Impossible { get; init; }
}
