using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace HSENet.Worker.Ingest;

/// <summary>Tells a file from a copy of it: inode and, where the file system keeps it, the time of birth (statx(2)).</summary>
internal static class FileIdentity
{
    private const int CurrentDirectory = -100;   // AT_FDCWD
    private const uint Inode = 0x100;            // STATX_INO
    private const uint Birth = 0x800;            // STATX_BTIME

    /// <returns>Empty when the system does not say: then nothing is taken for the same.</returns>
    public static string Of(string path)
    {
        var name = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, name);
        var stat = new byte[256];
        try
        {
            if (statx(CurrentDirectory, name, 0, Inode | Birth, stat) != 0)
            {
                return "";
            }
        }
        catch (EntryPointNotFoundException)
        {
            return "";
        }

        // offsets of struct statx, the same on every architecture: stx_mask 0, stx_ino 32, stx_btime 80 (seconds 8 bytes, nanoseconds 4)
        var has = MemoryMarshal.Read<uint>(stat);
        var inode = MemoryMarshal.Read<ulong>(stat.AsSpan(32));
        return (has & Birth) == 0
            ? inode.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{inode} {MemoryMarshal.Read<long>(stat.AsSpan(80))}.{MemoryMarshal.Read<uint>(stat.AsSpan(88)):D9}");
    }

#pragma warning disable SYSLIB1054, IDE1006 // blittable signature under the C name: nothing to generate
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] stat);
#pragma warning restore SYSLIB1054, IDE1006
}
