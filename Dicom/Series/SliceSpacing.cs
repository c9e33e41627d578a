namespace HSENet.Dicom.Series;

/// <summary>Judges the distances between neighbouring slices: no doubles, no gaps, even.</summary>
internal static class SliceSpacing
{
    /// <summary>A distance of at least this many usual ones means that a slice is missing; a smaller excess is uneven spacing.</summary>
    private const double GapRatio = 1.75;

    /// <param name="positions">Ascending, mm; at least two.</param>
    /// <param name="uids">SOP Instance UIDs in the same order.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>The spacing in mm, or why there is none.</returns>
    public static (double SpacingMm, Refusal? Refusal) Judge(double[] positions, string[] uids, GeometryLimits limits)
    {
        var steps = new double[positions.Length - 1];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = positions[i + 1] - positions[i];
            if (steps[i] <= limits.DuplicatePositionMm)
                return (0, new(RefusalReason.DuplicatePosition, $"{uids[i]} and {uids[i + 1]} both lie at {positions[i]:F3} mm"));
        }

        var sorted = steps.Order().ToArray();
        var usual = sorted[(sorted.Length - 1) / 2];
        var tolerance = Math.Max(limits.SpacingToleranceMm, usual * limits.SpacingToleranceFraction);
        var odd = Enumerable.Range(0, steps.Length).Where(i => Math.Abs(steps[i] - usual) > tolerance).ToArray();
        if (odd.Length > 0)
            return (0, Uneven(positions, steps, uids, odd, usual));

        var spacing = (positions[^1] - positions[0]) / steps.Length;
        var furthest = Enumerable.Range(0, positions.Length).MaxBy(i => OffGrid(positions, i, spacing));
        var off = OffGrid(positions, furthest, spacing);
        if (off > Math.Max(limits.SpacingToleranceMm, spacing * limits.GridToleranceFraction))
            return (0, new(RefusalReason.UnevenSpacing, $"{uids[furthest]} lies {off:F3} mm off a grid of {spacing:F3} mm"));

        return spacing > limits.MaximumSliceSpacingMm
            ? (0, new(RefusalReason.Gap, $"slices lie {spacing:F3} mm apart, more than {limits.MaximumSliceSpacingMm} mm"))
            : (spacing, null);
    }

    private static double OffGrid(double[] positions, int i, double spacing) => Math.Abs(positions[i] - (positions[0] + i * spacing));

    private static Refusal Uneven(double[] positions, double[] steps, string[] uids, int[] odd, double usual)
    {
        var worst = odd.MaxBy(i => Math.Abs(steps[i] - usual));
        var isGap = odd.All(i => steps[i] >= usual * GapRatio) && odd.Length * 2 <= steps.Length;
        var detail = $"{odd.Length} of {steps.Length} distances differ from the usual {usual:F3} mm; "
            + $"{steps[worst]:F3} mm at {positions[worst]:F3} mm between {uids[worst]} and {uids[worst + 1]}";
        return new(isGap ? RefusalReason.Gap : RefusalReason.UnevenSpacing, detail);
    }
}
