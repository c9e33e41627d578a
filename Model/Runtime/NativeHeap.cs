using System.Runtime.InteropServices;

namespace HSENet.Model.Runtime;

/// <summary>The C library's heap, where libtorch's CPU tensors live. glibc keeps freed blocks; without trimming a worker's memory creeps up.</summary>
internal static partial class NativeHeap
{
    private static volatile bool s_canTrim = OperatingSystem.IsLinux();

    /// <summary>Gives freed blocks back to the system; does nothing where the C library cannot.</summary>
    public static void Trim()
    {
        if (!s_canTrim)
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            s_canTrim = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallocTrim(nuint pad);
}
