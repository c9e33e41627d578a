using System.Diagnostics;
using HSENet.Dicom.Decoder;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>How a decoder is started: with none of our environment, which holds passwords.</summary>
internal static class DecoderStart
{
    /// <summary>Of managed objects; the pixels are in unmanaged memory.</summary>
    private const string HeapBytes = "0x2000000";

    public static ProcessStartInfo Of(DecoderLimits limits)
    {
        var info = new ProcessStartInfo(limits.Program, [$"{Environment.ProcessId}", $"{limits.MemoryBytes}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.Environment.Clear();
        info.Environment["DOTNET_EnableDiagnostics"] = "0";          // no pipes and sockets of debuggers
        info.Environment["DOTNET_EnableWriteXorExecute"] = "0";      // would map all code twice, through a file in memory
        info.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes;
        info.Environment["MALLOC_ARENA_MAX"] = "1";
        if (RuntimeRoot() is { } root)
            info.Environment["DOTNET_ROOT"] = root;
        return info;
    }

    /// <summary>For operators.</summary>
    public static string Explain(DecoderEnd end) => end.ExitCode switch
    {
        _ when end.IsKilled => "it took too long",
        DecoderExit.NoSandbox => "the kernel refused its limits or its filter of system calls (seccomp)",
        DecoderExit.NoParent => "it was started by another process",
        DecoderExit.ForbiddenCall => "it made a system call that no decoder makes",
        > 128 => $"signal {end.ExitCode - 128} ended it",
        _ => $"it ended with {end.ExitCode}",
    };

    /// <summary>Where this process's own runtime is: ROOT/shared/Microsoft.NETCore.App/VERSION.</summary>
    private static string? RuntimeRoot()
    {
        var shared = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "/").Parent?.Parent;
        return shared is { Name: "shared", Parent: { } root } ? root.FullName : null;
    }
}
