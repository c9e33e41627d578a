namespace HSENet.Worker.Configuration;

/// <summary>What reports are written with. Bound from <c>HSENet:Report</c>.</summary>
internal sealed class ReportOptions
{
    private const string Section = "HSENet:Report";

    /// <summary>
    /// Time zone of the site by its IANA name, such as <c>Europe/Berlin</c>: the clock of a report's times where its images do not tell theirs. Default: the system's.
    /// </summary>
    public string TimeZone { get; set; } = "";

    /// <summary>The zone of valid options.</summary>
    public TimeZoneInfo Zone => TimeZone.Length == 0 ? TimeZoneInfo.Local : TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    public IEnumerable<string> Validate() => Validate(Environment.GetEnvironmentVariable("TZ"));

    /// <param name="system">The system's TZ: a zone that is not found there would silently become UTC.</param>
    internal IEnumerable<string> Validate(string? system)
    {
        const string Advice = "is the package tzdata installed?";
        var name = system?.TrimStart(':') ?? "";
        if (TimeZone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return $"{Section}:TimeZone must be an IANA name that this machine's zone data have, such as Europe/Berlin ({Advice})";
        }
        else if (TimeZone.Length == 0 && name.Length > 0 && !File.Exists(name) && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out _))
        {
            yield return $"{Section}:TimeZone is not set, and the system's (TZ) is none that this machine's zone data have ({Advice})";
        }
    }
}
