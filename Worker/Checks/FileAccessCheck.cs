using System.Runtime.InteropServices;
using System.Text;

namespace HSENet.Worker.Checks;

/// <summary>Whether this user may read and write a file (access(2)). Opening it would take a lock: every .NET handle does.</summary>
internal static class FileAccessCheck
{
    private const int Read = 4;  // R_OK
    private const int Write = 2; // W_OK
    private const int PermissionDenied = 13; // EACCES
    private const int ReadOnlyFileSystem = 30; // EROFS

    /// <returns>False also for one that is on a read-only file system; true for one that is not there.</returns>
    public static bool MayWrite(string path)
    {
        var name = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, name);
        return access(name, Read | Write) == 0 || Marshal.GetLastPInvokeError() is not (PermissionDenied or ReadOnlyFileSystem);
    }

#pragma warning disable SYSLIB1054, IDE1006 // blittable signature under the C name: nothing to generate
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int access(byte[] path, int mode);
#pragma warning restore SYSLIB1054, IDE1006
}
