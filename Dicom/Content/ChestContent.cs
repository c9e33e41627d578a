using System.Globalization;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Content;

/// <summary>
/// Judges by pixels whether a volume is a chest that lies as its header says. Rules on numbers that were measured on few scans: they refuse on strong evidence only.
/// Left and right are not judged, for hearts and lungs are displaced by disease.
/// </summary>
public static class ChestContent
{
    /// <param name="volume">Any volume in HU.</param>
    /// <param name="limits">What a chest must show.</param>
    public static ContentVerdict Judge(CtVolume volume, ContentLimits limits)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(limits);
        var measures = ContentAnalysis.Measure(volume);
        foreach (var rule in new[] { Density, Lung, Region, Orientation })
        {
            if (rule(measures, limits) is { } refusal)
                return new(refusal.Reason, refusal.Detail, [], measures);
        }

        return new(null, null, [.. MissingEnds(measures, limits)], measures);
    }

    private static Refusal? Density(ContentMeasures measures, ContentLimits limits)
    {
        var (low, high) = limits.TissueHu;
        return measures.TissueHu is not { } hu ? new(RefusalReason.NoLung, "nothing in it is as dense as a body")
            : hu < low || hu > high ? new(RefusalReason.ImplausibleHu, Text($"half of the body is above {hu:F0} HU; {low:F0} to {high:F0} are plausible"))
            : null;
    }

    private static Refusal? Lung(ContentMeasures measures, ContentLimits limits) =>
        measures.LungMillilitres < limits.LeastLungMillilitres || measures.LargestLungShare < limits.LeastLungShare
            ? new(RefusalReason.NoLung, Text(
                $"{measures.LungMillilitres:F0} ml of aerated lung, at most {100 * measures.LargestLungShare:F1} % of the body on one slice"))
            : null;

    private static Refusal? Region(ContentMeasures measures, ContentLimits limits)
    {
        var isCut = MissingEnds(measures, limits).Any();
        return isCut && measures.LungExtentMm < Math.Min(limits.LeastLungExtentMm, measures.ScanExtentMm / 3)
            && measures.ScanExtentMm - measures.LungExtentMm > limits.OtherRegionMm
                ? new(RefusalReason.OtherRegion, Text($"the scan only touches the lungs: {measures.LungExtentMm:F0} of its {measures.ScanExtentMm:F0} mm"))
                : null;
    }

    private static Refusal? Orientation(ContentMeasures measures, ContentLimits limits)
    {
        var (front, back) = measures.BoneMillilitres;
        if (front > limits.TurnedBoneRatio * back && front > 20 && measures.LungExtentMm >= limits.LeastLungExtentMm)
            return new(RefusalReason.ContradictedOrientation, Text($"the spine lies in front: {front:F0} ml of bone there and {back:F0} ml at the back"));

        var (top, bottom) = measures.Windpipe;
        return bottom >= limits.WindpipeShare && top <= 1 - limits.WindpipeShare && !MissingEnds(measures, limits).Any()
            ? new(RefusalReason.ContradictedOrientation, Text(
                $"the windpipe is at the feet: on {100 * bottom:F0} % of the slices of the lungs' lowest quarter and on {100 * top:F0} % of the highest"))
            : null;
    }

    private static IEnumerable<string> MissingEnds(ContentMeasures measures, ContentLimits limits)
    {
        if (measures.LungShareAtTop > limits.OpenEndShare)
            yield return "apices";
        if (measures.LungShareAtBottom > limits.OpenEndShare)
            yield return "bases";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
