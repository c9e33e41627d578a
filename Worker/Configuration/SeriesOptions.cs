namespace HSENet.Worker.Configuration;

/// <summary>When a series counts as complete. Bound from <c>HSENet:Series</c>.</summary>
internal sealed class SeriesOptions
{
    private const string Section = "HSENet:Series";

    /// <summary>Silence after the last instance, with no association open that carries the series, before it is closed. Default 20 s.</summary>
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Hard limit after the first instance; then the series is closed as partial. Default 15 min.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(15);

    public IEnumerable<string> Validate()
    {
        if (QuietPeriod < TimeSpan.FromMilliseconds(100) || QuietPeriod > TimeSpan.FromMinutes(30))
        {
            yield return $"{Section}:QuietPeriod must be 00:00:00.1 to 00:30:00";
        }

        if (Deadline < TimeSpan.FromSeconds(1) || Deadline > TimeSpan.FromHours(6))
        {
            yield return $"{Section}:Deadline must be 00:00:01 to 06:00:00";
        }
        else if (Deadline <= QuietPeriod)
        {
            yield return $"{Section}:Deadline must exceed {Section}:QuietPeriod";
        }
    }
}
