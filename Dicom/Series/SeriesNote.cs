namespace HSENet.Dicom.Series;

/// <summary>Something odd about a series that is no reason to refuse it, but that an operator should hear of.</summary>
/// <param name="Code">Stable dotted code, for example <c>patient.name</c>.</param>
/// <param name="Detail">Numbers and UIDs; no patient data.</param>
public sealed record SeriesNote(string Code, string Detail);
