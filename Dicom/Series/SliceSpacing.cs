namespace HSENet.Dicom.Series;

/// <summary>Judges where the slices of a series lie along its axis: no doubles, no gaps, even. Evenness is judged over all slices at once, not from one to the next.</summary>
internal static class SliceSpacing
{
    /// <summary>A distance of at least this many usual ones means that a slice is missing; a smaller excess is uneven spacing.</summary>
    private const double GapRatio = 1.75;

    /// <summary>Where positions are rounded to about the spacing, so many odd distances among all are doubles or gaps; more are the rounding's.</summary>
    private const double FewOdd = 0.1;

    /// <param name="positions">Ascending, mm; at least two.</param>
    /// <param name="uids">SOP Instance UIDs in the same order.</param>
    /// <param name="lastPlaceMm">The last decimal place that the positions are written to, mm.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>The spacing in mm, or why there is none.</returns>
    public static (double SpacingMm, Refusal? Refusal) Judge(double[] positions, string[] uids, double lastPlaceMm, GeometryLimits limits)
    {
        var steps = Enumerable.Range(0, positions.Length - 1).Select(i => positions[i + 1] - positions[i]).ToArray();
        var apart = steps.Where(s => s > limits.DuplicatePositionMm).Order().ToArray();
        var usual = apart.Length == 0 ? 0 : apart[(apart.Length - 1) / 2];
        var doubles = steps.Length - apart.Length;
        if (doubles > 0 && (lastPlaceMm < usual || doubles <= steps.Length * FewOdd || usual == 0))
        {
            var i = Array.FindIndex(steps, s => s <= limits.DuplicatePositionMm);
            return (0, new(RefusalReason.DuplicatePosition, $"{uids[i]} and {uids[i + 1]} both lie at {positions[i]:F3} mm"));
        }

        var grid = SliceGrid.Fit(positions);
        var tolerance = Math.Max(limits.SpacingToleranceMm, grid.SpacingMm * limits.SpacingToleranceFraction);
        var rounding = lastPlaceMm / 2;
        var isCoarse = rounding > grid.SpacingMm * limits.RoundingToleranceFraction;
        if (grid.FurthestMm > (isCoarse ? tolerance : tolerance + rounding))
        {
            return (0, Gap(positions, steps, uids, usual, lastPlaceMm, limits)
                ?? (isCoarse && grid.FurthestMm <= tolerance + rounding
                    ? TooCoarse(grid, lastPlaceMm)
                    : new(RefusalReason.UnevenSpacing, $"{uids[grid.FurthestIndex]} lies {grid.FurthestMm:F3} mm off a grid of {grid.SpacingMm:F3} mm")));
        }

        return grid.SpacingMm > limits.MaximumSliceSpacingMm
            ? (0, new(RefusalReason.Gap, $"slices lie {grid.SpacingMm:F3} mm apart, more than {limits.MaximumSliceSpacingMm} mm"))
            : (grid.SpacingMm, null);
    }

    /// <summary>Null unless the slices lie evenly but for some distances that are wide enough for a slice each.</summary>
    private static Refusal? Gap(double[] positions, double[] steps, string[] uids, double usual, double lastPlaceMm, GeometryLimits limits)
    {
        var tolerance = Math.Max(limits.SpacingToleranceMm, usual * limits.SpacingToleranceFraction);
        var gaps = Enumerable.Range(0, steps.Length).Where(i => steps[i] >= usual * GapRatio).ToArray();
        var others = steps.Where(s => s < usual * GapRatio).Max(s => Math.Abs(s - usual));
        var isTold = gaps.All(i => steps[i] > usual + tolerance + lastPlaceMm) && others <= tolerance + lastPlaceMm;
        var isPlain = gaps.Length <= steps.Length * FewOdd && others <= tolerance;
        if (gaps.Length == 0 || gaps.Length * 2 > steps.Length || !(isTold || isPlain))
            return null;

        var widest = gaps.MaxBy(i => steps[i]);
        return new(RefusalReason.Gap,
            $"{gaps.Length} of {steps.Length} distances exceed the usual {usual:F3} mm; "
            + $"{steps[widest]:F3} mm at {positions[widest]:F3} mm between {uids[widest]} and {uids[widest + 1]}");
    }

    private static Refusal TooCoarse(SliceGrid grid, double lastPlaceMm) => new(
        RefusalReason.UnevenSpacing,
        $"positions are written to {lastPlaceMm:G3} mm, too coarse for slices {grid.SpacingMm:F3} mm apart: whether they lie evenly cannot be told");
}
