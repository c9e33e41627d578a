namespace HSENet.Dicom.Series;

/// <summary>
/// Which Accession Number a series bears whose slices do not agree, as after a correction that reached some of them only: that of most slices, and an operator and the reader
/// learn of it.
/// </summary>
public static class AccessionRule
{
    /// <summary>Stable code of the note.</summary>
    public const string Code = "study.accession";

    /// <summary>The slice whose header the report carries: of those with the Accession Number that most slices have, the one that tells most of the patient.</summary>
    internal static CtSlice Told(IReadOnlyList<CtSlice> slices)
    {
        // none is no number: any comes before it
        var counts = slices.Select(s => s.Header.Accession).OfType<string>().CountBy(a => a).ToDictionary();
        return slices.OrderByDescending(s => s.Header.Accession is { } accession ? counts[accession] : 0).ThenByDescending(s => s.Patient.Fullness).First();
    }

    /// <summary>Null when all agree.</summary>
    internal static SeriesNote? Note(IReadOnlyList<CtSlice> slices)
    {
        var told = Told(slices);
        var count = slices.Count(s => s.Header.Accession == told.Header.Accession);
        return count == slices.Count
            ? null
            : new(Code, $"Accession Number is not the same in all slices; the report carries that of {count} of {slices.Count}");
    }
}
