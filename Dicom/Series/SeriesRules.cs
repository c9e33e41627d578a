namespace HSENet.Dicom.Series;

/// <summary>
/// What the headers say the instances are: CT images of one series of one patient, each its own slice. A word counts against a series only when it is contrary
/// to an axial reconstruction; an absent or vague one does not.
/// </summary>
internal static class SeriesRules
{
    private const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";

    /// <summary>Enhanced, and legacy converted enhanced CT.</summary>
    private static readonly string[] s_multiFrame = ["1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2"];

    /// <summary>
    /// Values of Image Type, from the third on (PS3.3 C.8.2.1.1.1), that name something else than an axial reconstruction. DERIVED and SECONDARY alone do not:
    /// an averaged or compressed axial series carries them too.
    /// </summary>
    private static readonly string[] s_derived =
    [
        "MPR", "CSA MPR", "CSA_MPR", "CPR", "CURVED", "MIP", "CSA MIP", "MIN IP", "MINIP", "MINMIP", "MIN_IP", "MAX_IP", "PROJECTION IMAGE", "PROJECTION_IMAGE",
        "VRT", "VOLREN", "VOLUME RENDERING", "SSD", "SURFACE", "3D", "SCREEN SAVE", "SCREENSAVE", "DISPLAY", "SUBTRACTION", "PERFUSION", "DOSE", "DOSE_INFO", "REPORT",
        "OVERLAY", "FUSION",
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

        return slice.NumberOfFrames is null or "1"
            ? null
            : new(RefusalReason.MultiFrame, $"Number of Frames is not 1 in {header.SopInstanceUid}");
    }

    /// <summary>Do the slices belong together?</summary>
    public static Refusal? OneSeries(IReadOnlyList<CtSlice> slices)
    {
        var first = slices[0];
        foreach (var slice in slices.Skip(1))
        {
            if (slice.Header.StudyInstanceUid != first.Header.StudyInstanceUid)
                return Mixed("Study Instance UID", slice, first);

            if (slice.Header.SeriesInstanceUid != first.Header.SeriesInstanceUid)
                return Mixed("Series Instance UID", slice, first);

            if (slice.PatientKey != first.PatientKey)
                return Mixed("Patient", slice, first);

            if (slice.FrameOfReferenceUid != first.FrameOfReferenceUid)
                return Mixed("Frame of Reference UID", slice, first);
        }

        return null;
    }

    /// <summary>Is it an axial reconstruction, as far as Image Type tells?</summary>
    public static Refusal? ImageType(CtSlice slice)
    {
        var values = slice.ImageType.Skip(2).ToArray();
        if (values.Contains("LOCALIZER"))
            return new(RefusalReason.Localizer, $"Image Type of {slice.SopInstanceUid} says LOCALIZER");

        var contrary = values.FirstOrDefault(v => s_derived.Contains(v));
        return contrary is null ? null : new(RefusalReason.Derived, $"Image Type of {slice.SopInstanceUid} says {contrary}");
    }

    private static Refusal Mixed(string what, CtSlice slice, CtSlice first) =>
        new(RefusalReason.MixedSeries, $"{what} differs between {first.SopInstanceUid} and {slice.SopInstanceUid}");
}
