using System.Globalization;
using System.Runtime.InteropServices;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>
/// Gives each process of a machine one GPU, before CUDA or MPI is loaded: both then have the same device, and make nothing on the others'.
/// </summary>
internal static partial class VisibleGpu
{
    private const string Variable = "CUDA_VISIBLE_DEVICES";
    private const string DriverFolder = "/proc/driver/nvidia/gpus";

    /// <summary>Hides the other GPUs where the setting names none.</summary>
    /// <param name="device">Of the settings: <c>auto</c> or <c>cuda</c> leave the choice.</param>
    /// <param name="localRank">Of this process among those of its machine.</param>
    public static void Choose(string device, int localRank)
    {
        var gpus = Directory.Exists(DriverFolder) ? Directory.GetDirectories(DriverFolder).Length : 0;
        if (device is "auto" or "cuda" && Of(Environment.GetEnvironmentVariable(Variable), gpus, localRank) is { } own)
        {
            _ = SetNative(Variable, own, 1);   // .NET keeps an environment of its own, which native libraries do not see
            Environment.SetEnvironmentVariable(Variable, own);
        }
    }

    /// <param name="visible">What the process was given; null: all.</param>
    /// <param name="gpus">How many the machine has.</param>
    /// <param name="localRank">More processes than GPUs share them in turn.</param>
    /// <returns>Null: there is nothing to choose from.</returns>
    public static string? Of(string? visible, int gpus, int localRank)
    {
        string[] all = visible?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? [.. Enumerable.Range(0, gpus).Select(index => index.ToString(CultureInfo.InvariantCulture))];
        return all.Length < 2 ? null : all[localRank % all.Length];
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
