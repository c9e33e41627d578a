using System.Runtime.InteropServices;

namespace HSENet.Dicom.Files;

/// <summary>
/// Whether a path leads to a regular file, over links too. To open anything else may wait for ever (a FIFO), never end (a device) or do something (both).
/// </summary>
internal static class RegularFile
{
    private const int CurrentFolder = -100;             // AT_FDCWD
    private const uint WantType = 0x1;                  // STATX_TYPE
    private const int ModeOffset = 28;                  // stx_mode: the layout of statx is the same on every architecture
    private const int StatxLength = 256;
    private const int TypeMask = 0xF000;                // S_IFMT
    private const int Regular = 0x8000;                 // S_IFREG

    public enum Kind
    {
        Regular,

        /// <summary>FIFO, device, socket, or a link to one.</summary>
        Special,

        /// <summary>Not there: a link to nothing, or deleted meanwhile.</summary>
        Absent,
    }

    public static Kind Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return !File.Exists(path) ? Kind.Absent : (File.GetAttributes(path) & FileAttributes.Device) == 0 ? Kind.Regular : Kind.Special;

        var answer = new byte[StatxLength];
        if (statx(CurrentFolder, path, 0, WantType, answer) != 0)
            return Kind.Absent;

        return (BitConverter.ToUInt16(answer, ModeOffset) & TypeMask) == Regular ? Kind.Regular : Kind.Special;
    }

#pragma warning disable SYSLIB1054, IDE1006, CA2101 // blittable but for the path, under the C name
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [In, Out] byte[] answer);
#pragma warning restore SYSLIB1054, IDE1006, CA2101
}
