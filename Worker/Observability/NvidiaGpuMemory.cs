using System.Globalization;
using HSENet.Worker.Inference;

namespace HSENet.Worker.Observability;

/// <summary>
/// What the driver says of a GPU. In a container the driver often names no process, or by ids of the host: then what is claimed counts as this process's own, which is so where
/// each has a GPU to itself.
/// </summary>
internal sealed class NvidiaGpuMemory : IGpuMemory
{
    public GpuReading? Read(int index)
    {
        if (DriverIndex(index, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")) is not { } driverIndex || GpuMemory.ReadOne(driverIndex) is not { } memory)
        {
            return null;
        }

        var own = Own(memory.Processes, Environment.ProcessId) ?? memory.UsedBytes;
        return new GpuReading(memory.FreeBytes, own);
    }

    /// <summary>CUDA counts the devices that it may see; the driver counts all, and in the same order with <c>CUDA_DEVICE_ORDER=PCI_BUS_ID</c>.</summary>
    /// <returns>Null when they are named in another way.</returns>
    internal static int? DriverIndex(int index, string? visible)
    {
        if (string.IsNullOrWhiteSpace(visible))
        {
            return index;
        }

        var names = visible.Split(',', StringSplitOptions.TrimEntries);
        return index < names.Length && int.TryParse(names[index], NumberStyles.None, CultureInfo.InvariantCulture, out var driverIndex) ? driverIndex : null;
    }

    /// <returns>Null when it is not among them.</returns>
    internal static long? Own(IReadOnlyList<(int ProcessId, long UsedBytes)> processes, int processId) =>
        processes.Where(p => p.ProcessId == processId).Select(p => (long?)p.UsedBytes).FirstOrDefault() ?? (processes.Count == 1 ? processes[0].UsedBytes : null);
}
