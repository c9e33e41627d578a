namespace HSENet.Dicom.Series;

/// <summary>
/// Where one slice lies in the patient: Image Position and Orientation (Patient) and Pixel Spacing (PS3.3 C.7.6.2). Only made from values that describe
/// a right-angled plane.
/// </summary>
/// <param name="Position">Centre of the first pixel, mm.</param>
/// <param name="AlongRow">Direction in which the column index increases.</param>
/// <param name="AlongColumn">Direction in which the row index increases.</param>
/// <param name="RowSpacingMm">Distance between rows, mm.</param>
/// <param name="ColumnSpacingMm">Distance between columns, mm.</param>
/// <param name="LastPlace">The last decimal place that each coordinate of the position is written to, mm.</param>
internal sealed record SliceGeometry(
    PatientVector Position, PatientVector AlongRow, PatientVector AlongColumn, double RowSpacingMm, double ColumnSpacingMm, PatientVector LastPlace)
{
    /// <summary>Slice normal, turned so that it points to the head (or, for a slice that is not axial, along its own axis).</summary>
    public PatientVector Normal
    {
        get
        {
            var normal = AlongRow.Cross(AlongColumn);
            return normal.Z < 0 ? normal * -1 : normal;
        }
    }

    /// <returns>The geometry, or null and what is wrong with the values.</returns>
    public static (SliceGeometry? Geometry, RefusalReason Reason, string? Problem) Parse(
        string? position, string? orientation, string? pixelSpacing, GeometryLimits limits)
    {
        var absent = position is null ? "Image Position (Patient)" : orientation is null ? "Image Orientation (Patient)" : pixelSpacing is null ? "Pixel Spacing" : null;
        if (absent is not null)
            return (null, RefusalReason.MissingGeometry, $"{absent} is absent");

        if (DecimalText.TryParseAll(position, 3) is not { } p)
            return (null, RefusalReason.InvalidGeometry, "Image Position (Patient) is not three numbers");

        if (DecimalText.TryParseAll(orientation, 6) is not { } o)
            return (null, RefusalReason.InvalidGeometry, "Image Orientation (Patient) is not six numbers");

        if (DecimalText.TryParseAll(pixelSpacing, 2) is not { } spacing)
            return (null, RefusalReason.InvalidGeometry, "Pixel Spacing is not two numbers");

        if (spacing.Any(s => s <= 0 || s > limits.MaximumPixelSpacingMm))
            return (null, RefusalReason.InvalidGeometry, $"Pixel Spacing {spacing[0]:G6} x {spacing[1]:G6} mm is out of range");

        var row = new PatientVector(o[0], o[1], o[2]);
        var column = new PatientVector(o[3], o[4], o[5]);
        if (Crooked(row, column, orientation!, limits) is { } crooked)
            return (null, RefusalReason.InvalidOrientation, crooked);

        var places = position!.Split('\\').Select(DecimalText.LastPlace).ToArray();
        return (new(new(p[0], p[1], p[2]), row * (1 / row.Length), column * (1 / column.Length), spacing[0], spacing[1], new(places[0], places[1], places[2])), default, null);
    }

    /// <summary>
    /// Direction cosines are of unit length and at right angles, as far as the decimals that they are written to can tell: two decimals at least, for one decimal or
    /// none leaves an angle of degrees open.
    /// </summary>
    private static string? Crooked(PatientVector row, PatientVector column, string orientation, GeometryLimits limits)
    {
        const double CoarsestPlace = 0.01;
        var place = orientation.Split('\\').Min(DecimalText.LastPlace);
        var rounding = place > CoarsestPlace * 1.001 ? 0 : place / 2;
        double Tolerance(PatientVector v) => Math.Max(limits.DirectionCosineTolerance, rounding * v.AbsoluteSum);
        if (Math.Abs(row.Length - 1) > Tolerance(row) || Math.Abs(column.Length - 1) > Tolerance(column))
            return $"Image Orientation (Patient) has vectors of length {row.Length:F4} and {column.Length:F4}";

        return Math.Abs(row.Dot(column)) > Math.Max(limits.DirectionCosineTolerance, Tolerance(row) + Tolerance(column))
            ? $"Image Orientation (Patient) is not at right angles: {row.AngleTo(column):F2} degrees"
            : null;
    }
}
