namespace HSENet.Worker.Inference;

/// <summary>Memory of the machine's GPUs.</summary>
internal interface IGpuMemory
{
    /// <param name="index">Of the device, as CUDA counts.</param>
    /// <returns>Null when it cannot be told.</returns>
    GpuReading? Read(int index);
}

/// <param name="FreeBytes">What nobody has claimed.</param>
/// <param name="OwnBytes">What this process has claimed: its weights, and what its allocator keeps of earlier jobs.</param>
internal sealed record GpuReading(long FreeBytes, long OwnBytes);
