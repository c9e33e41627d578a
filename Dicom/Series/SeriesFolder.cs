using System.IO.Enumeration;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Series;

/// <summary>A folder (searched recursively; linked folders are not followed) of DICOM files, grouped by Series Instance UID.</summary>
public static class SeriesFolder
{
    /// <summary>
    /// Series Instance UID to files, both in ordinal order. Files that <see cref="Part10Scan"/> refuses, DICOM or not, are listed under <c>unreadable</c>.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static (IReadOnlyDictionary<string, IReadOnlyList<string>> Series, IReadOnlyList<string> Unreadable) Scan(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var series = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var unreadable = new List<string>();
        foreach (var path in Files(directory).Order(StringComparer.Ordinal))
        {
            if (Part10Scan.Scan(path) is not ScanResult.Sound { Header: var header })
            {
                unreadable.Add(path);
                continue;
            }

            if (!series.TryGetValue(header.SeriesInstanceUid, out var files))
                series.Add(header.SeriesInstanceUid, files = new List<string>());

            ((List<string>)files).Add(path);
        }

        return (series, unreadable);
    }

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
