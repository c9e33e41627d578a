using HSENet.Dicom.Series;

namespace HSENet.Worker.Configuration;

/// <summary>When a series counts as complete, and what its pixels must show. Bound from <c>HSENet:Series</c>.</summary>
internal sealed class SeriesOptions
{
    private const string Section = "HSENet:Series";
    private const double MostTilt = 35;

    /// <summary>Silence after the last instance before a series is closed whose senders have released their associations or gone on to another series. Default 20 s.</summary>
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Time after the last instance in which a series whose end is in doubt is waited for: an association that carried it broke off or is still open. Then it is closed as
    /// partial. Default 15 min.
    /// </summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Hard limit after the first instance, however many still come; then the series is closed as partial. Default 6 h.</summary>
    public TimeSpan OuterLimit { get; set; } = TimeSpan.FromHours(6);

    /// <summary>
    /// What a chest means that the scan covers in part: record (told in log, audit and manifest), partial (the report says PARTIAL) or
    /// refuse. Default partial.
    /// </summary>
    public string Coverage { get; set; } = "partial";

    /// <summary>
    /// Largest tilt of the gantry that is sheared back to axial slices, degrees; told in the manifest. Default 0: a tilted series is refused. Scanners tilt by 30 at most.
    /// </summary>
    public double CorrectedTiltDegrees { get; set; }

    /// <summary>Whether the pixels must show a chest.</summary>
    public ContentOptions Content { get; set; } = new();

    /// <summary>The limits of geometry as the reader takes them.</summary>
    internal GeometryLimits ToLimits() => GeometryLimits.Default with { CorrectedTiltDegrees = CorrectedTiltDegrees };

    public IEnumerable<string> Validate()
    {
        foreach (var failure in Content.Validate())
        {
            yield return failure;
        }

        if (Coverage is not ("record" or "partial" or "refuse"))
        {
            yield return $"{Section}:Coverage must be record, partial or refuse";
        }

        if (CorrectedTiltDegrees is not (>= 0 and <= MostTilt))
        {
            yield return $"{Section}:CorrectedTiltDegrees must be 0 to {MostTilt}";
        }

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

        if (OuterLimit < TimeSpan.FromSeconds(1) || OuterLimit > TimeSpan.FromDays(7))
        {
            yield return $"{Section}:OuterLimit must be 00:00:01 to 7.00:00:00";
        }
        else if (OuterLimit < Deadline)
        {
            yield return $"{Section}:OuterLimit must not be shorter than {Section}:Deadline";
        }
    }
}
