namespace HSENet.Worker.Configuration;

/// <summary>Limits of what is kept apart. Bound from <c>HSENet:Quarantine</c>.</summary>
internal sealed class QuarantineOptions
{
    /// <summary>How long files stay in the quarantine. Default 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How much the quarantine of one spool holds; at most one file for each 16 KiB of it (or 100); the oldest files make way. Default 5GiB.</summary>
    public ByteSize MaximumSize { get; set; } = ByteSize.FromGiB(5);

    public IEnumerable<string> Validate()
    {
        if (Retention < TimeSpan.FromHours(1) || Retention > TimeSpan.FromDays(3650))
        {
            yield return "HSENet:Quarantine:Retention must be 01:00:00 to 3650.00:00:00";
        }

        if (MaximumSize.Bytes < 0)
        {
            yield return "HSENet:Quarantine:MaximumSize must not be negative";
        }
    }
}
