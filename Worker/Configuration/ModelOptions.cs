namespace HSENet.Worker.Configuration;

/// <summary>The model. Bound from <c>HSENet:Model</c>.</summary>
internal sealed class ModelOptions
{
    private const string Section = "HSENet:Model";
    private static readonly string[] Precisions = ["auto", "fp32", "bf16", "fp16", "int8"];

    /// <summary>Model directory (design.md section 4). Default Model/Demo.</summary>
    public string Directory { get; set; } = "Model/Demo";

    /// <summary>Last part of <see cref="Directory"/>: the name by which jobs ask for the model. Its versions share the name; which one ran is in the report.</summary>
    public string DirectoryName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Directory));

    /// <summary>auto, cpu, cuda or cuda:N. Default auto.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>auto, fp32, bf16, fp16 or int8. Default auto.</summary>
    public string Precision { get; set; } = "auto";

    /// <summary>
    /// Models that an inference process keeps in memory at a time. Routes may ask for others than that of <see cref="Directory"/>: one that is not loaded is loaded when its
    /// first job comes, and the one that was used longest ago makes room. Default 1.
    /// </summary>
    public int MaximumLoaded { get; set; } = 1;

    /// <summary>
    /// GPU memory that must be free before a job is taken, beside the loaded weights; what the process keeps of earlier jobs counts as free. While there is less, jobs wait. Without
    /// meaning on the processor; 0: not looked at. Default 2GiB, about twice what a report of the published sizes is computed to need.
    /// </summary>
    public ByteSize JobMemory { get; set; } = ByteSize.FromGiB(2);

    public IEnumerable<string> Validate()
    {
        if (JobMemory.Bytes < 0)
        {
            yield return $"{Section}:JobMemory must not be negative";
        }

        if (MaximumLoaded is < 1 or > 16)
        {
            yield return $"{Section}:MaximumLoaded must be 1 to 16";
        }

        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return $"{Section}:Directory is empty";
        }

        var isNumberedDevice = Device.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(Device.AsSpan(5), System.Globalization.NumberStyles.None, null, out _);
        if (Device is not ("auto" or "cpu" or "cuda") && !isNumberedDevice)
        {
            yield return $"{Section}:Device must be auto, cpu, cuda or cuda:N";
        }

        if (!Precisions.Contains(Precision))
        {
            yield return $"{Section}:Precision must be one of {string.Join(", ", Precisions)}";
        }
    }
}
