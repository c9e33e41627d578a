using HSENet.Dicom.Codecs;

namespace HSENet.Dicom.Series;

/// <summary>Whether stored values can become Hounsfield units: one matrix, sound bits, a rescale that ends in HU, sizes that fit.</summary>
internal static class PixelRules
{
    /// <summary>Pixel Spacing of slices of one series differs at most by this share (rounded decimal strings).</summary>
    private const double SpacingEquality = 1e-3;

    /// <summary>Do all slices have the same rows, columns and pixel spacing? Absent numbers are left to <see cref="Judge"/>.</summary>
    public static Refusal? OneMatrix(IReadOnlyList<CtSlice> slices, SliceGeometry[] planes)
    {
        for (var i = 1; i < slices.Count; i++)
        {
            if (slices[i].Pixels is { } pixels && slices[0].Pixels is { } first && (pixels.Rows != first.Rows || pixels.Columns != first.Columns))
                return Mixed(slices, i, $"{pixels.Columns} x {pixels.Rows} and {first.Columns} x {first.Rows} pixels");

            if (Differ(planes[i].RowSpacingMm, planes[0].RowSpacingMm) || Differ(planes[i].ColumnSpacingMm, planes[0].ColumnSpacingMm))
                return Mixed(slices, i, $"pixels of {planes[i].RowSpacingMm:G6} and {planes[0].RowSpacingMm:G6} mm");
        }

        return null;
    }

    /// <summary>Can the pixels of every slice, and of all of them together, be read as HU?</summary>
    public static Refusal? Judge(IReadOnlyList<CtSlice> slices, GeometryLimits limits)
    {
        foreach (var slice in slices)
        {
            if ((Format(slice, limits) ?? Rescale(slice)) is { } refusal)
                return refusal;
        }

        var first = slices[0].Pixels!.Value;
        var voxels = (long)first.Rows * first.Columns * slices.Count;
        return voxels > limits.MaximumVoxelCount
            ? new(RefusalReason.Oversized, $"{voxels} voxels, at most {limits.MaximumVoxelCount} are read")
            : null;
    }

    /// <summary>Rescale Slope of a slice that <see cref="Judge"/> let pass.</summary>
    public static double Slope(CtSlice slice) => Number(slice.RescaleSlope);

    /// <summary>Rescale Intercept of a slice that <see cref="Judge"/> let pass.</summary>
    public static double Intercept(CtSlice slice) => Number(slice.RescaleIntercept);

    private static double Number(string? text) =>
        DecimalText.TryParse(text, out var value) ? value : throw new InvalidOperationException("The slice has not passed the gate.");

    private static Refusal? Format(CtSlice slice, GeometryLimits limits)
    {
        if (slice.FileLength > limits.MaximumFileBytes)
            return new(RefusalReason.Oversized, $"{slice.SopInstanceUid}: a file of {slice.FileLength} bytes, at most {limits.MaximumFileBytes} are read");

        if (slice.Pixels is not { } pixels)
            return new(RefusalReason.UndecodablePixels, $"{slice.SopInstanceUid}: Rows, Columns or a bit count is absent");

        if (pixels.Rows > limits.MaximumMatrix || pixels.Columns > limits.MaximumMatrix)
            return new(RefusalReason.Oversized, $"{slice.SopInstanceUid}: {pixels.Columns} x {pixels.Rows} pixels, at most {limits.MaximumMatrix} each are read");

        if (pixels.Rows < limits.MinimumMatrix || pixels.Columns < limits.MinimumMatrix)
            return new(RefusalReason.UndecodablePixels, $"{slice.SopInstanceUid}: {pixels.Columns} x {pixels.Rows} pixels, at least {limits.MinimumMatrix} each are needed");

        if (pixels.Problem() is { } problem)
            return new(RefusalReason.UndecodablePixels, $"{slice.SopInstanceUid}: {problem}");

        return FrameDecoders.IsNative(slice.Header.TransferSyntaxUid) && slice.FileLength < pixels.FrameBytes
            ? new(RefusalReason.UndecodablePixels, $"{slice.SopInstanceUid}: {pixels.FrameBytes} bytes of pixels do not fit a file of {slice.FileLength}")
            : null;
    }

    /// <summary>CT values are HU unless Rescale Type says otherwise (PS3.3 C.11.1.1.2).</summary>
    private static Refusal? Rescale(CtSlice slice)
    {
        if (!DecimalText.TryParse(slice.RescaleSlope, out var slope) || slope == 0)
            return new(RefusalReason.MissingRescale, $"{slice.SopInstanceUid}: Rescale Slope is absent, zero or not a number");

        if (!DecimalText.TryParse(slice.RescaleIntercept, out _))
            return new(RefusalReason.MissingRescale, $"{slice.SopInstanceUid}: Rescale Intercept is absent or not a number");

        return slice.RescaleType is null || slice.RescaleType.Equals("HU", StringComparison.OrdinalIgnoreCase)
            ? null
            : new(RefusalReason.MissingRescale, $"{slice.SopInstanceUid}: Rescale Type is not HU");
    }

    private static bool Differ(double a, double b) => Math.Abs(a - b) > SpacingEquality * b;

    private static Refusal Mixed(IReadOnlyList<CtSlice> slices, int i, string what) =>
        new(RefusalReason.MixedPixelFormat, $"{slices[i].SopInstanceUid} and {slices[0].SopInstanceUid} differ: {what}");
}
