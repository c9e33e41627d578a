using System.Runtime.InteropServices;

namespace HSENet.Worker.Hosting;

/// <summary>
/// The process's file mode creation mask: what it makes is for its own user alone, folders 0700 and files 0600. They hold images and
/// reports of patients.
/// </summary>
internal static class FileModes
{
    private const uint GroupAndOthers = 0b000_111_111;

    /// <summary>Called once, before anything is made.</summary>
    public static void KeepPrivate()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(GroupAndOthers);
        }
    }

    [DllImport("libc", EntryPoint = "umask", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint mask);
}
