namespace HSENet.Worker.Series;

/// <summary>Stable codes of why a series is partial. A broken association gives its ending: association.aborted and so on.</summary>
internal static class PartialReason
{
    public const string Aborted = "association.aborted";

    public const string ConnectionLost = "association.connection-lost";

    /// <summary>The sender fell silent.</summary>
    public const string TimedOut = "association.timed-out";

    /// <summary>The service itself stopped while the association was open.</summary>
    public const string HostStopped = "association.host-stopped";

    /// <summary>Nothing came any more, and the sender neither released its association nor went on to another series.</summary>
    public const string Deadline = "series.deadline";

    /// <summary>Slices were still coming.</summary>
    public const string OuterLimit = "series.outer-limit";

    /// <summary>Its files were found in the spool, and no row tells how they came.</summary>
    public const string Recovered = "series.recovered";

    /// <summary>Instances that came with it were answered with "come back later", and did not.</summary>
    public const string TurnedAway = "series.turned-away";

    /// <summary>Instances that came with it were refused for what they are, or said something else than what is here under their UIDs.</summary>
    public const string RefusedInstance = "series.refused-instance";

    public static string OfEnding(string ending) => $"association.{ending}";
}
