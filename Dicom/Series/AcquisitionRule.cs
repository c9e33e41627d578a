namespace HSENet.Dicom.Series;

/// <summary>
/// Is a series one reconstruction of one acquisition? Two kernels, contrast phases, tube voltages, thicknesses or kinds of image under one Series Instance UID are
/// several volumes, however their slices lie. Acquisition Number alone is no sign of it where each acquisition has a stretch of the patient to itself, as in
/// step-and-shoot scans.
/// </summary>
internal static class AcquisitionRule
{
    /// <summary>kV: rounded ones differ by less.</summary>
    private const double VoltageTolerance = 0.5;

    /// <summary>Share by which Slice Thickness may differ because it is rounded.</summary>
    private const double ThicknessTolerance = 0.1;

    /// <summary>By what the headers say.</summary>
    public static Refusal? Judge(IReadOnlyList<CtSlice> slices) =>
        Agreement.Contradiction(slices, "Convolution Kernel", s => s.Kernel)
        ?? Agreement.Contradiction(slices, "Contrast/Bolus Agent", s => s.ContrastAgent)        // never null: absent means none (PS3.3 C.7.6.4)
        ?? Agreement.Contradiction(slices, "KVP", s => s.Kvp, (a, b) => Near(a, b, VoltageTolerance))
        ?? Agreement.Contradiction(slices, "Image Type", s => s.ImageType.Count == 0 ? null : string.Join('\\', s.ImageType))
        ?? Agreement.Contradiction(slices, "Slice Thickness", s => s.Thickness, (a, b) => Near(a, b, ThicknessTolerance * Number(a)));

    /// <summary>By where the slices of each acquisition lie: two that share a stretch of the patient are two scans of it.</summary>
    /// <param name="ascending">Slices with their positions, ascending.</param>
    /// <param name="samePositionMm">Slices nearer to each other than this lie at the same position.</param>
    public static Refusal? JudgeNumbers(IReadOnlyList<(CtSlice Slice, double Position)> ascending, double samePositionMm)
    {
        var acquisitions = ascending.Where(s => s.Slice.AcquisitionNumber is not null)
            .GroupBy(s => s.Slice.AcquisitionNumber!)
            .Select(g => (First: g.First(), Last: g.Last()))
            .OrderBy(a => a.First.Position).ThenBy(a => a.Last.Position)
            .ToArray();
        for (var i = 1; i < acquisitions.Length; i++)
        {
            var (before, next) = (acquisitions[i - 1], acquisitions[i]);
            if (next.First.Position < before.Last.Position - samePositionMm)
                return Agreement.Mixed("Acquisition Number", before.Last.Slice, next.First.Slice);
        }

        return null;
    }

    private static bool Near(string a, string b, double tolerance) => a == b || Math.Abs(Number(a) - Number(b)) <= tolerance;

    /// <summary>Not a number for what is none: near to nothing but its own spelling.</summary>
    private static double Number(string text) => DecimalText.TryParse(text, out var value) ? value : double.NaN;
}
