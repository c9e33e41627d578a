namespace HSENet.Dicom.Codecs.Native;

/// <summary>What decoder processes may take. One is used by one reading at a time, and by the next one after it.</summary>
public sealed record DecoderLimits
{
    /// <summary>Processes at once; a reading beyond them waits. Default: one per processor.</summary>
    public int ProcessCount { get; init; } = Environment.ProcessorCount;

    /// <summary>For one frame; then the process is killed; after a second one the instance is refused. Whole seconds count. Default 10 s.</summary>
    public TimeSpan FrameTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Memory that one process can write to, in bytes; at least 128 MiB. Default 1 GiB.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>An unused process ends after this time. Default 1 min.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>From the start of a process to its readiness. Default 30 s.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The program, beside this assembly unless told otherwise.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "HSENet.Dicom.Decoder");
}
