using HSENet.Worker.Configuration;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Inference;

/// <summary>
/// Whether the GPU has room for a job now (<c>HSENet:Model:JobMemory</c>). Asked before a job is taken: one for which there is none waits and has not failed. What this process has
/// claimed beyond the least that it was ever seen with is its allocator's, kept from earlier jobs, and there for the next one.
/// </summary>
internal sealed class GpuAdmission(WorkerSettings settings, IReportModel model, IGpuMemory memory, ILogger<GpuAdmission> log)
{
    /// <summary>Stable code of the shortage.</summary>
    public const string Code = "job.gpu-memory";

    private long _leastOwn = long.MaxValue;
    private volatile string? _shortage;

    /// <summary>Numbers of the shortage at the last look; null when there was room.</summary>
    public string? Shortage => _shortage;

    /// <summary>False where there is no GPU to run out of memory.</summary>
    public bool IsUsed => model.GpuIndex is not null && settings.Model.JobMemory.Bytes > 0;

    public bool HasRoom()
    {
        var wanted = settings.Model.JobMemory.Bytes;
        if (wanted == 0 || model.GpuIndex is not { } index || memory.Read(index) is not { } reading)
        {
            return true;
        }

        _leastOwn = Math.Min(_leastOwn, reading.OwnBytes);
        var available = reading.FreeBytes + reading.OwnBytes - _leastOwn;
        var numbers = $"GPU {index}: {available >> 20} MiB free, {wanted >> 20} MiB wanted";
        switch (available >= wanted, _shortage)
        {
            case (true, not null):
                InferenceLog.GpuMemoryBack(log, numbers);
                break;
            case (false, null):
                InferenceLog.GpuMemoryShort(log, numbers);
                break;
        }

        _shortage = available >= wanted ? null : numbers;
        return _shortage is null;
    }

    /// <summary>For health; null where there is nothing to tell.</summary>
    public DependencyState? State() => !IsUsed ? null : Shortage is { } numbers ? new(DependencyLevel.Degraded, Code, numbers) : DependencyState.Ok;
}
