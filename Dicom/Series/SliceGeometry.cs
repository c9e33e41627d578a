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
internal sealed record SliceGeometry(
    PatientVector Position, PatientVector AlongRow, PatientVector AlongColumn, double RowSpacingMm, double ColumnSpacingMm)
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
    public static (SliceGeometry? Geometry, string? Problem) Parse(
        string? position, string? orientation, string? pixelSpacing, GeometryLimits limits)
    {
        if (DecimalText.TryParseAll(position, 3) is not { } p)
            return (null, "Image Position (Patient) is absent or not three numbers");

        if (DecimalText.TryParseAll(orientation, 6) is not { } o)
            return (null, "Image Orientation (Patient) is absent or not six numbers");

        if (DecimalText.TryParseAll(pixelSpacing, 2) is not { } spacing)
            return (null, "Pixel Spacing is absent or not two numbers");

        if (spacing.Any(s => s <= 0 || s > limits.MaximumPixelSpacingMm))
            return (null, $"Pixel Spacing {spacing[0]:G6} x {spacing[1]:G6} mm is out of range");

        var row = new PatientVector(o[0], o[1], o[2]);
        var column = new PatientVector(o[3], o[4], o[5]);
        var tolerance = limits.DirectionCosineTolerance;
        if (Math.Abs(row.Length - 1) > tolerance || Math.Abs(column.Length - 1) > tolerance)
            return (null, $"Image Orientation (Patient) has vectors of length {row.Length:F4} and {column.Length:F4}");

        if (Math.Abs(row.Dot(column)) > tolerance)
            return (null, $"Image Orientation (Patient) is not at right angles: {row.AngleTo(column):F2} degrees");

        return (new(new(p[0], p[1], p[2]), row * (1 / row.Length), column * (1 / column.Length), spacing[0], spacing[1]), null);
    }
}
