namespace HSENet.TestKit;

/// <summary>What another process has open, by /proc/PID/fd.</summary>
public static class OpenFiles
{
    /// <summary>Paths of files, and <c>socket:[INODE]</c>, <c>pipe:[INODE]</c>, … of the rest.</summary>
    public static IReadOnlyList<string> Of(int processId) =>
        [.. new DirectoryInfo($"/proc/{processId}/fd").EnumerateFileSystemInfos().Select(f => f.LinkTarget).OfType<string>()];
}
