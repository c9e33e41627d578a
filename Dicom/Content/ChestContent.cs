using System.Globalization;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Content;

/// <summary>
/// Judges by pixels whether a volume is a chest that lies as its header says. Rules on numbers that were measured on few scans: they refuse on strong evidence only.
/// Left and right are not judged, for hearts and lungs are displaced by disease.
/// </summary>
public static class ChestContent
{
    /// <summary>Less of the lung on a side is none.</summary>
    private const double OneSided = 0.05;

    /// <summary>The lungs' apices alone, with the collar bones in front, are shorter.</summary>
    private const double LongMm = 100;

    private const double LeastBoneMillilitres = 20;

    /// <param name="volume">Any volume in HU.</param>
    /// <param name="limits">What a chest must show.</param>
    public static ContentVerdict Judge(CtVolume volume, ContentLimits limits)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(limits);
        var measures = ContentAnalysis.Measure(volume);
        IReadOnlyList<string> missing = [.. MissingEnds(measures, limits)];
        foreach (var rule in new[] { Density, Lung, Region, Orientation })
        {
            if (rule(measures, limits) is { } refusal)
                return new(refusal.Reason, refusal.Detail, missing, measures);
        }

        return new(null, null, missing, measures);
    }

    private static Refusal? Density(ContentMeasures measures, ContentLimits limits)
    {
        var (low, high) = limits.TissueHu;
        return measures.TissueHu is not { } hu ? new(RefusalReason.NoLung, "nothing in it is as dense as a body")
            : hu < low || hu > high ? new(RefusalReason.ImplausibleHu, Text($"half of the body is above {hu:F0} HU; {low:F0} to {high:F0} are plausible"))
            : null;
    }

    private static Refusal? Lung(ContentMeasures measures, ContentLimits limits)
    {
        var (right, left) = measures.LungSides;
        var isBowel = measures.LargestLungShare < limits.SmallLungShare
            && (Math.Min(right, left) < OneSided || measures.LungRibShare < limits.LeastRibShare);
        if (measures.LungMillilitres < limits.LeastLungMillilitres || measures.LargestLungShare < limits.LeastLungShare || isBowel)
        {
            var (share, ribs) = (100 * measures.LargestLungShare, 100 * measures.LungRibShare);
            var amount = Text($"{measures.LungMillilitres:F0} ml of aerated lung, at most {share:F1} % of the body on one slice");
            return new(RefusalReason.NoLung, Text($"{amount}, {100 * right:F0} % of it on the right, {ribs:F0} % within ribs"));
        }

        return measures.LungWallMm < limits.LeastWallMm && measures.LungSpreadHu < limits.EvenLungHu
            ? new(RefusalReason.NoLung, Text(
                $"its lung is as even as foam ({measures.LungSpreadHu:F0} HU) and has {measures.LungWallMm:F0} mm of body around it"))
            : null;
    }

    private static Refusal? Region(ContentMeasures measures, ContentLimits limits)
    {
        var size = Math.Min(1, (measures.BodyWidthMm ?? ContentLimits.AdultWidthMm) / ContentLimits.AdultWidthMm);
        return MissingEnds(measures, limits).Any() && measures.LungExtentMm < size * limits.LeastLungExtentMm
            && measures.ScanExtentMm - measures.LungExtentMm >= limits.OtherRegionMm
                ? new(RefusalReason.OtherRegion, Text($"the scan only touches the lungs: {measures.LungExtentMm:F0} of its {measures.ScanExtentMm:F0} mm"))
                : null;
    }

    private static Refusal? Orientation(ContentMeasures measures, ContentLimits limits)
    {
        var bone = measures.WideExtentMm >= limits.LeastWideExtentMm ? measures.WideBoneMillilitres
            : measures.LungExtentMm >= LongMm ? measures.BoneMillilitres
            : (0, 0);
        if (bone.Front > limits.TurnedBoneRatio * bone.Back && bone.Front > LeastBoneMillilitres)
        {
            return new(RefusalReason.ContradictedOrientation, Text(
                $"the spine lies in front: {bone.Front:F0} ml of bone there and {bone.Back:F0} ml at the back"));
        }

        var (top, bottom) = measures.Windpipe;
        return bottom >= limits.WindpipeShare && top <= 1 - limits.WindpipeShare && !MissingEnds(measures, limits).Any()
            ? new(RefusalReason.ContradictedOrientation, Text(
                $"the windpipe is at the feet: on {100 * bottom:F0} % of the slices of the lungs' lowest quarter and on {100 * top:F0} % of the highest"))
            : null;
    }

    /// <summary>Where there is no lung, neither end is shown.</summary>
    private static IEnumerable<string> MissingEnds(ContentMeasures measures, ContentLimits limits)
    {
        if (measures.LargestLungAreaCm2 == 0)
            return ["apices", "bases"];

        return CutEnds(measures, limits);
    }

    private static IEnumerable<string> CutEnds(ContentMeasures measures, ContentLimits limits)
    {
        if (measures.LungShareAtTop > limits.OpenEndShare)
            yield return "apices";
        if (measures.LungShareAtBottom > limits.OpenEndShare)
            yield return "bases";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
