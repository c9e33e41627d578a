using System.Globalization;

namespace HSENet.Benchmarks.Pipeline;

/// <summary>Resident memory of a process, from the kernel.</summary>
internal static class ProcessMemory
{
    /// <returns>MiB.</returns>
    public static double ResidentMiB(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;
    }
}
