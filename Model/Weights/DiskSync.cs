using System.ComponentModel;
using System.Runtime.InteropServices;

namespace HSENet.Model.Weights;

/// <summary>
/// fsync(2), whose failure is told: <c>FileStream.Flush(flushToDisk: true)</c> keeps it to itself (seen on .NET 10 with EIO and ENOSPC), and weights that the disk could not
/// keep would be taken for written.
/// </summary>
internal static class DiskSync
{
    /// <summary>Makes what was written to a file durable.</summary>
    /// <exception cref="IOException">It may not be.</exception>
    public static void Flush(FileStream file)
    {
        file.Flush();
        if (!OperatingSystem.IsLinux())
        {
            file.Flush(flushToDisk: true);
            return;
        }

        var isHeld = false;
        try
        {
            file.SafeFileHandle.DangerousAddRef(ref isHeld);
            if (fsync((int)file.SafeFileHandle.DangerousGetHandle()) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                throw new IOException($"{file.Name} could not be made durable: {new Win32Exception(error).Message}", error);
            }
        }
        finally
        {
            if (isHeld)
            {
                file.SafeFileHandle.DangerousRelease();
            }
        }
    }

#pragma warning disable SYSLIB1054, IDE1006 // a blittable signature under the C name: nothing to generate
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);
#pragma warning restore SYSLIB1054, IDE1006
}
