namespace HSENet.Faults.Site;

/// <summary>What a case needs of its site.</summary>
internal sealed record SiteShape
{
    /// <summary>Two gateways are one that works and one that waits for the spool.</summary>
    public int Gateways { get; init; } = 1;

    public int Workers { get; init; } = 1;

    /// <summary>The wall clock of the service's processes can be stepped.</summary>
    public bool IsClockFaked { get; init; }

    /// <summary>Options of the tmpfs that the data are on; null: an ordinary folder.</summary>
    public string? Tmpfs { get; init; }
}
