namespace HSENet.Faults.Site;

/// <summary>What a case needs of its site.</summary>
internal sealed record SiteShape
{
    /// <summary>Two gateways are one that works and one that waits for the spool.</summary>
    public int Gateways { get; init; } = 1;

    public int Workers { get; init; } = 1;

    /// <summary>The wall clock of the servers can be stepped.</summary>
    public bool IsClockFaked { get; init; }

    /// <summary>
    /// That of the service's processes too. An idle one spends a core and more in libfaketime's waits (0.02 of a core without it), whether its clock is stepped or not: only where
    /// the case needs it.
    /// </summary>
    public bool IsServiceClockFaked { get; init; }

    /// <summary>How long a series in doubt waits for a sender; null: the product's default.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Options of the tmpfs that the data are on; null: an ordinary folder.</summary>
    public string? Tmpfs { get; init; }
}
