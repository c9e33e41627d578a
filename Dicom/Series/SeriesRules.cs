namespace HSENet.Dicom.Series;

/// <summary>
/// What the headers say the instances are: CT images of one series of one patient, each its own slice. A word counts against a series only when it is contrary
/// to an axial reconstruction; an absent or vague one does not.
/// </summary>
internal static class SeriesRules
{
    private const string LossCode = "pixels.lossy";

    private const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";

    /// <summary>Enhanced, and legacy converted enhanced CT.</summary>
    private static readonly string[] s_multiFrame = ["1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2"];

    /// <summary>
    /// Values of Image Type, from the third on (PS3.3 C.8.2.1.1.1), that name something else than an axial reconstruction of densities. DERIVED and SECONDARY
    /// alone do not: an averaged or compressed axial series carries them too. 3D counts for what is not ORIGINAL: scanners also name a reconstruction method so.
    /// </summary>
    private static readonly string[] s_derived =
    [
        "MPR", "CSA MPR", "CSA_MPR", "CPR", "CURVED", "MIP", "CSA MIP", "MIN IP", "MINIP", "MINMIP", "MIN_IP", "MAX_IP", "PROJECTION IMAGE", "PROJECTION_IMAGE",
        "VRT", "VOLREN", "VOLUME RENDERING", "SSD", "SURFACE", "SCREEN SAVE", "SCREENSAVE", "DISPLAY", "SUBTRACTION", "PERFUSION", "DOSE", "DOSE_INFO", "REPORT",
        "OVERLAY", "FUSION", "IODINE", "IODINE MAP", "IODINE_MAP", "EFF_Z", "EFFECTIVE_Z", "RHO", "RHO_Z", "ELECTRON_DENSITY",
    ];

    /// <summary>Are these CT slices?</summary>
    public static Refusal? Kind(CtSlice slice)
    {
        var header = slice.Header;
        if (s_multiFrame.Contains(header.SopClassUid))
            return new(RefusalReason.MultiFrame, $"SOP class {header.SopClassUid} in {header.SopInstanceUid}");

        if (header.SopClassUid != CtImageStorage)
            return new(RefusalReason.NotCt, $"SOP class {header.SopClassUid} in {header.SopInstanceUid}");

        if (header.Modality != "CT")
            return new(RefusalReason.NotCt, $"Modality is not CT in {header.SopInstanceUid}");

        return slice.NumberOfFrames is null || (IntegerText.TryParse(slice.NumberOfFrames, out var frames) && frames == 1)
            ? null
            : new(RefusalReason.MultiFrame, $"Number of Frames is not 1 in {header.SopInstanceUid}");
    }

    /// <summary>Do the slices belong together? A Frame of Reference UID that some slices lack leaves the answer to the geometry.</summary>
    public static Refusal? OneSpace(IReadOnlyList<CtSlice> slices) =>
        OneSeries(slices) ?? Agreement.Contradiction(slices, "Frame of Reference UID", s => s.FrameOfReferenceUid);

    /// <summary>Are the instances of one series of one patient?</summary>
    public static Refusal? OneSeries(IReadOnlyList<CtSlice> slices) =>
        Agreement.Contradiction(slices, "Study Instance UID", s => s.Header.StudyInstanceUid)
        ?? Agreement.Contradiction(slices, "Series Instance UID", s => s.Header.SeriesInstanceUid)
        ?? PatientRule.Judge(slices);

    /// <summary>What is odd about slices that belong together.</summary>
    public static IEnumerable<SeriesNote> Notes(IReadOnlyList<CtSlice> slices)
    {
        foreach (var note in PatientRule.Notes(slices))
            yield return note;

        if (AccessionRule.Note(slices) is { } accession)
            yield return accession;

        if (Agreement.IsPartial(slices, s => s.FrameOfReferenceUid))
            yield return new("series.frame-of-reference", "Frame of Reference UID is there in some slices only");

        if (Loss([.. slices.Select(s => s.Lossy)]) is { } loss)
            yield return loss;
    }

    /// <summary>Null when no slice lost anything.</summary>
    public static SeriesNote? Loss(IReadOnlyCollection<LossyCompression?> slices) => LossyCompression.Of(slices) is { } lossy
        ? new(LossCode, $"{slices.Count(s => s is not null)} of {slices.Count} slices lost by compression: {lossy}")
        : null;

    /// <summary>The notes of the headers, and of the codestreams, which may tell of more.</summary>
    public static IReadOnlyList<SeriesNote> WithLoss(IReadOnlyList<SeriesNote> notes, IReadOnlyCollection<LossyCompression?> slices) =>
        Loss(slices) is { } loss ? [.. notes.Where(note => note.Code != LossCode), loss] : notes;

    public static bool IsLocalizer(CtSlice slice) => slice.ImageType.Skip(2).Contains("LOCALIZER");

    /// <summary>Is it an axial reconstruction, as far as Image Type tells?</summary>
    public static Refusal? ImageType(CtSlice slice)
    {
        if (IsLocalizer(slice))
            return new(RefusalReason.Localizer, $"Image Type of {slice.SopInstanceUid} says LOCALIZER");

        var contrary = slice.ImageType.Skip(2).FirstOrDefault(v => s_derived.Contains(v) || (v == "3D" && slice.ImageType[0] != "ORIGINAL"));
        return contrary is null ? null : new(RefusalReason.Derived, $"Image Type of {slice.SopInstanceUid} says {contrary}");
    }
}
