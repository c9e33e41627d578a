using HSENet.Dicom.Codecs.Native;

namespace HSENet.Worker.Configuration;

/// <summary>Limits of the processes that decode JPEG-LS, JPEG 2000 and HTJ2K. Bound from <c>HSENet:Codecs</c>.</summary>
internal sealed class CodecOptions
{
    /// <summary>Decoder processes at once, each used by one reading at a time. Default 4.</summary>
    public int Processes { get; set; } = 4;

    /// <summary>How long one frame may take; then its process is killed, the frame tried once more in a new one, and after that the instance refused. Default 10 s.</summary>
    public TimeSpan FrameTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Memory that one process can write to. Default 1GiB.</summary>
    public ByteSize Memory { get; set; } = ByteSize.FromGiB(1);

    public IEnumerable<string> Validate()
    {
        if (Processes is < 1 or > 256)
        {
            yield return "HSENet:Codecs:Processes must be 1 to 256";
        }

        if (FrameTime < TimeSpan.FromSeconds(1) || FrameTime > TimeSpan.FromMinutes(10))
        {
            yield return "HSENet:Codecs:FrameTime must be 00:00:01 to 00:10:00";
        }

        if (Memory.Bytes < 128L << 20 || Memory.Bytes > 64L << 30)
        {
            yield return "HSENet:Codecs:Memory must be 128MiB to 64GiB";
        }
    }

    public DecoderLimits ToLimits() => new() { ProcessCount = Processes, FrameTime = FrameTime, MemoryBytes = Memory.Bytes };
}
