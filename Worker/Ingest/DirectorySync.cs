using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace HSENet.Worker.Ingest;

/// <summary>Makes a directory's entries durable: fsync(2) on the directory, which the class library cannot do.</summary>
internal static class DirectorySync
{
    private const int ReadOnlyDirectoryCloseOnExec = 0x90000;    // O_RDONLY | O_DIRECTORY | O_CLOEXEC on Linux x64

    /// <exception cref="IOException">The directory could not be synced.</exception>
    public static void Flush(string directory)
    {
        var path = new byte[Encoding.UTF8.GetByteCount(directory) + 1];
        Encoding.UTF8.GetBytes(directory, path);
        var descriptor = open(path, ReadOnlyDirectoryCloseOnExec);
        if (descriptor < 0)
        {
            throw Failure("open");
        }

        try
        {
            if (fsync(descriptor) != 0)
            {
                throw Failure("fsync");
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failure(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of a spool directory: {new Win32Exception(error).Message}", error);
    }

#pragma warning disable SYSLIB1054, IDE1006 // blittable signatures under the C names: nothing to generate
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);
#pragma warning restore SYSLIB1054, IDE1006
}
