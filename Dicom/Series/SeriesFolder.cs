using System.IO.Enumeration;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Series;

/// <summary>A folder (searched recursively; linked folders are not followed) of DICOM files, grouped by Series Instance UID, and whatever else lies there.</summary>
public static class SeriesFolder
{
    private static readonly string[] s_instanceExtensions = [".dcm", ".dicom", ".dic", ".ima"];

    private static readonly string[] s_companionNames = ["LICENSE", "README", "CHECKSUMS", "MANIFEST"];

    /// <summary>Opens regular files only.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static FolderContents Scan(string directory, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var series = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        List<FolderFile> damaged = [], others = [];
        foreach (var path in Files(directory).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var kind = RegularFile.Of(path);
            if (kind == RegularFile.Kind.Special)
            {
                others.Add(new(path, "file.special", "no regular file"));
                continue;
            }

            if (kind == RegularFile.Kind.Absent)
            {
                (HasInstanceName(path) ? damaged : others).Add(new(path, "file.absent", "a link to nothing"));
                continue;
            }

            switch (InstanceScan.Scan(path))
            {
                case ScanResult.Refused refused:
                    (MayBeInstance(path, refused) ? damaged : others).Add(new(path, refused.Code, refused.Detail));
                    break;
                case ScanResult.Sound { Header: var header }:
                    if (!series.TryGetValue(header.SeriesInstanceUid, out var files))
                        series.Add(header.SeriesInstanceUid, files = new List<string>());

                    ((List<string>)files).Add(path);
                    break;
                default:
                    break;
            }
        }

        return new(series, damaged, others);
    }

    /// <summary>
    /// A report must not look whole when a slice of the series could not be read: what begins like DICOM counts as one, and so does what has the name of an
    /// instance, or no telling name and no content (a copy that failed).
    /// </summary>
    private static bool MayBeInstance(string path, ScanResult.Refused refused)
    {
        if (refused.Code == Part10Scan.DirectoryCode)
            return false;

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (FileStart.Of(new ScanReader(file)) is not null || HasInstanceName(path))
            return true;

        Span<byte> start = stackalloc byte[132];
        file.Position = 0;
        var isBlank = !start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)].ContainsAnyExcept((byte)0);
        return isBlank && !HasOtherName(path);
    }

    private static bool HasInstanceName(string path) =>
        s_instanceExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) || UidText.IsUid(Path.GetFileName(path));

    private static bool HasOtherName(string path) =>
        Path.GetFileName(path).StartsWith('.')
        || Path.GetExtension(path).Any(char.IsAsciiLetter)
        || s_companionNames.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);

    private static FileSystemEnumerable<string> Files(string directory)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 };
        return new(directory, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
    }
}
