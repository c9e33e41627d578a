using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HSENet.Worker.Ingest;

/// <summary>
/// fsync(2), whose failure is told. The class library cannot sync a directory, and its <c>Flush(flushToDisk: true)</c> and <c>FlushToDisk</c> keep a failure of a file to
/// themselves: a disk that could not keep the bytes would be taken for one that did (seen on .NET 10 with EIO and ENOSPC).
/// </summary>
internal static class DiskSync
{
    private const int ReadOnlyDirectoryCloseOnExec = 0x90000;    // O_RDONLY | O_DIRECTORY | O_CLOEXEC on Linux x64

    /// <summary>Makes the bytes of a file durable.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void Flush(SafeFileHandle file)
    {
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            Sync((int)file.DangerousGetHandle(), "file");
        }
        finally
        {
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Makes the bytes of a file durable.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void FlushFile(string path)
    {
        using var file = File.OpenHandle(path, access: FileAccess.ReadWrite);
        Flush(file);
    }

    /// <summary>Makes a directory's entries durable.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void FlushDirectory(string directory)
    {
        var path = new byte[Encoding.UTF8.GetByteCount(directory) + 1];
        Encoding.UTF8.GetBytes(directory, path);
        var descriptor = open(path, ReadOnlyDirectoryCloseOnExec);
        if (descriptor < 0)
        {
            throw Failure("open of a spool directory");
        }

        try
        {
            Sync(descriptor, "directory");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    // not repeated after EINTR: the kernel tells an error of writing back once only, and the caller then refuses, which is always right
    private static void Sync(int descriptor, string kind)
    {
        if (fsync(descriptor) != 0)
        {
            throw Failure($"fsync of a spool {kind}");
        }
    }

    private static IOException Failure(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call}: {new Win32Exception(error).Message}", error);
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
