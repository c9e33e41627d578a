namespace HSENet.Dicom.Series;

/// <summary>A file of a folder that is no readable instance.</summary>
/// <param name="Path">Where it lies. May hold patient data: not for logs.</param>
/// <param name="Code">Why: a code of the scan, or <c>file.special</c> for what is no regular file, <c>file.absent</c> for a link to nothing.</param>
/// <param name="Detail">For an operator; no value of the file.</param>
public sealed record FolderFile(string Path, string Code, string Detail);

/// <summary>What a folder holds.</summary>
/// <param name="Series">Series Instance UID to files, both in ordinal order.</param>
/// <param name="Damaged">Files that may be instances and cannot be read.</param>
/// <param name="Others">Files that are none: programs, pictures, texts, a DICOMDIR, special files.</param>
public sealed record FolderContents(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Series, IReadOnlyList<FolderFile> Damaged, IReadOnlyList<FolderFile> Others)
{
    public int FileCount => Series.Values.Sum(f => f.Count) + Damaged.Count + Others.Count;
}
