using System.Runtime.InteropServices;

namespace HSENet.Worker.Observability;

/// <summary>Memory of the machine's NVIDIA GPUs, asked of the driver's management library (NVML); none without that library or a GPU.</summary>
internal static class GpuMemory
{
    private const string Library = "libnvidia-ml.so.1";
    private const int Success = 0;

    private static readonly int Count = CountDevices();

    /// <returns>Bytes of each GPU, by its index.</returns>
    public static IReadOnlyList<(int Index, long UsedBytes, long TotalBytes)> Read()
    {
        var found = new List<(int, long, long)>();
        for (var i = 0; i < Count; i++)
        {
            if (NvmlDeviceGetHandleByIndex((uint)i, out var device) == Success && NvmlDeviceGetMemoryInfo(device, out var memory) == Success)
            {
                found.Add((i, (long)memory.Used, (long)memory.Total));
            }
        }

        return found;
    }

    /// <param name="index">As the driver counts.</param>
    /// <returns>Null without such a GPU.</returns>
    public static (long FreeBytes, long UsedBytes, IReadOnlyList<(int ProcessId, long UsedBytes)> Processes)? ReadOne(int index)
    {
        if (index >= Count || NvmlDeviceGetHandleByIndex((uint)index, out var device) != Success || NvmlDeviceGetMemoryInfo(device, out var memory) != Success)
        {
            return null;
        }

        var processes = new NvmlProcess[64];
        var count = (uint)processes.Length;
        var listed = NvmlDeviceGetComputeRunningProcesses(device, ref count, processes) == Success ? processes.Take((int)count) : [];
        return ((long)memory.Free, (long)memory.Used, [.. listed.Where(p => p.UsedMemory <= long.MaxValue).Select(p => ((int)p.ProcessId, (long)p.UsedMemory))]);
    }

    private static int CountDevices()
    {
        try
        {
            return NvmlInit() == Success && NvmlDeviceGetCount(out var count) == Success ? (int)count : 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return 0;
        }
    }

#pragma warning disable SYSLIB1054 // generated marshalling needs unsafe code; these arguments need none
#pragma warning disable CA5392 // the driver is where the system keeps it
    [DllImport(Library, ExactSpelling = true, EntryPoint = "nvmlInit_v2")]
    private static extern int NvmlInit();

    [DllImport(Library, ExactSpelling = true, EntryPoint = "nvmlDeviceGetCount_v2")]
    private static extern int NvmlDeviceGetCount(out uint count);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "nvmlDeviceGetHandleByIndex_v2")]
    private static extern int NvmlDeviceGetHandleByIndex(uint index, out nint device);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "nvmlDeviceGetMemoryInfo")]
    private static extern int NvmlDeviceGetMemoryInfo(nint device, out NvmlMemory memory);

    [DllImport(Library, ExactSpelling = true, EntryPoint = "nvmlDeviceGetComputeRunningProcesses_v3")]
    private static extern int NvmlDeviceGetComputeRunningProcesses(nint device, ref uint count, [Out] NvmlProcess[] processes);
#pragma warning restore CA5392
#pragma warning restore SYSLIB1054

    // nvmlProcessInfo_t, 24 bytes
    [StructLayout(LayoutKind.Sequential)]
    private struct NvmlProcess
    {
        public uint ProcessId;
        public ulong UsedMemory;
        public uint GpuInstance;
        public uint ComputeInstance;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct NvmlMemory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
