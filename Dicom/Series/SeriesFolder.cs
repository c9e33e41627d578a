namespace HSENet.Dicom.Series;

/// <summary>A folder (searched recursively) of DICOM files, grouped by Series Instance UID.</summary>
public static class SeriesFolder
{
    /// <summary>Series Instance UID to files. Files that are not DICOM are listed under <c>unreadable</c>.</summary>
    public static (IReadOnlyDictionary<string, IReadOnlyList<string>> Series, IReadOnlyList<string> Unreadable) Scan(string directory) =>
        throw new NotImplementedException();
}
