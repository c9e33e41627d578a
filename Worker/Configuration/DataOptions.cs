namespace HSENet.Worker.Configuration;

/// <summary>Where files are kept. Bound from <c>HSENet:Data</c>.</summary>
internal sealed class DataOptions
{
    /// <summary>Holds the spool; shared by all hosts. Default ./data.</summary>
    public string Directory { get; set; } = "./data";

    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return "HSENet:Data:Directory is empty";
        }
    }
}

/// <summary>Limits of the spool. Bound from <c>HSENet:Spool</c>.</summary>
internal sealed class SpoolOptions
{
    private const string Section = "HSENet:Spool";

    /// <summary>Below this much free space nothing more is accepted. Default 5GiB.</summary>
    public ByteSize MinimumFreeSpace { get; set; } = ByteSize.FromGiB(5);

    /// <summary>How long files stay after their series was handled. Default 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    public IEnumerable<string> Validate()
    {
        if (MinimumFreeSpace.Bytes < 0)
        {
            yield return $"{Section}:MinimumFreeSpace must not be negative";
        }

        if (Retention < TimeSpan.FromHours(1) || Retention > TimeSpan.FromDays(3650))
        {
            yield return $"{Section}:Retention must be 01:00:00 to 3650.00:00:00";
        }
    }
}
